"""How the challenger did on offers that came after its training: against the rule, against chance, by group, and how
far what it sees has moved from what it learned from."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from nightdesk.challenger.features import FEATURES, Matrix, Row
from nightdesk.challenger.learning import Learned
from nightdesk.wilson import Rate, rate

#: of each ranking, the share at its head that is looked at
HEAD = 3
_BINS = 5
_TINY = 1e-4


@dataclass(frozen=True)
class Ranked:
    """One way of ranking later offers: its area under the curve (0.5 is chance) with its interval, and how many of the
    third that it ranks first were accepted."""

    code: str
    auc: float | None
    auc_low: float | None
    auc_high: float | None
    head: Rate


@dataclass(frozen=True)
class Bin:
    """Offers of like probability: the mean said, and what was accepted."""

    said_pct: float
    accepted: Rate


@dataclass(frozen=True)
class Group:
    """The later offers of one group: said in the mean and accepted; None where they are too few to tell."""

    family: str
    code: str
    n: int
    said_pct: float | None
    accepted: Rate | None


@dataclass(frozen=True)
class Drift:
    """How far a feature has moved: population stability index of later offers (`level` is of it) and tonight's."""

    feature: str
    later: float | None
    tonight: float | None
    level: str


@dataclass(frozen=True)
class Judged:
    """What is known of the challenger on later offers; `is_known` is False where they are too few."""

    later: int
    accepted: Rate
    is_known: bool
    brier: float
    brier_of_share: float
    ranked: Sequence[Ranked]
    bins: Sequence[Bin]
    groups: Sequence[Group]


def judge(learned: Learned, later: Sequence[Row], settings: Mapping[str, float]) -> Judged:
    """How a model did on answered offers that were made after its training."""
    confidence = Decimal(str(settings["confidence_pct"]))
    answers = np.array([row["outcome"] == "accepted" for row in later], dtype=bool)
    said = learned.probabilities(later)
    rule = np.array([float(str(row["rule_score"])) for row in later])
    base = learned.accepted / len(learned.rows)
    return Judged(
        later=len(later),
        accepted=rate(int(answers.sum()), len(later), confidence),
        is_known=len(later) >= settings["least_later"] and 0 < int(answers.sum()) < len(later),
        brier=float(np.mean((said - answers) ** 2)) if len(later) else math.nan,
        brier_of_share=float(np.mean((base - answers) ** 2)) if len(later) else math.nan,
        ranked=[_ranked(code, scores, answers, confidence) for code, scores in (("challenger", said), ("rule", rule))],
        bins=_bins(said, answers, confidence),
        groups=[
            group
            for family in ("segment", "product", "client_kind")
            for group in _groups(family, later, said, answers, settings, confidence)
        ],
    )


def auc(scores: Matrix, answers: np.ndarray) -> float | None:
    """How often an accepted offer is ranked before one that was declined; ties count half. None without both."""
    yes, no = scores[answers], scores[~answers]
    if not len(yes) or not len(no):
        return None
    won = (yes[:, None] > no[None, :]).sum() + 0.5 * (yes[:, None] == no[None, :]).sum()
    return float(won / (len(yes) * len(no)))


def psi(before: Matrix, now: Matrix, *, is_code: bool) -> float | None:
    """Population stability index of one feature, over fifths of what was before, or over its codes; what is not known
    is a class of its own. None where either side has no rows."""
    if not len(before) or not len(now):
        return None
    known = before[~np.isnan(before)]
    edges = np.unique(np.quantile(known, np.linspace(0, 1, _BINS + 1)[1:-1])) if len(known) and not is_code else None
    shares = []
    for values in (before, now):
        classes = np.where(
            np.isnan(values), -1, values if edges is None else np.searchsorted(edges, values, side="left")
        )
        shares.append(dict(zip(*np.unique(classes, return_counts=True), strict=True)))
    total = 0.0
    for code in shares[0].keys() | shares[1].keys():
        p, q = (max(share.get(code, 0) / sum(share.values()), _TINY) for share in shares)
        total += (q - p) * math.log(q / p)
    return float(total)


def drift(learned: Learned, later: Sequence[Row], tonight: Sequence[Row], settings: Mapping[str, float]) -> list[Drift]:
    """Of each feature how far it has moved from what the model learned from."""
    before, since, now = (learned.codes.matrix(rows) for rows in (learned.rows, later, tonight))
    made = []
    for column, feature in enumerate(FEATURES):
        moved = [psi(before[:, column], one[:, column], is_code=feature.is_code) for one in (since, now)]
        # tonight's are what the rule chose: they differ from what was ever offered by their nature
        most = moved[0] or 0.0
        level = "alert" if most >= settings["drift_alert"] else "watch" if most >= settings["drift_watch"] else "none"
        made.append(Drift(feature.name, moved[0], moved[1], level))
    return made


def _ranked(code: str, scores: Matrix, answers: np.ndarray, confidence: Decimal) -> Ranked:
    found = auc(scores, answers)
    low, high = (None, None) if found is None else _auc_interval(found, int(answers.sum()), int((~answers).sum()))
    first = np.argsort(-scores, kind="stable")[: max(len(scores) // HEAD, 0)]
    return Ranked(code, found, low, high, rate(int(answers[first].sum()), len(first), confidence))


def _auc_interval(found: float, yes: int, no: int) -> tuple[float, float]:
    """Hanley and McNeil (1982), two standard errors to each side."""
    q1, q2 = found / (2 - found), 2 * found * found / (1 + found)
    variance = (found * (1 - found) + (yes - 1) * (q1 - found**2) + (no - 1) * (q2 - found**2)) / (yes * no)
    width = 1.96 * math.sqrt(max(variance, 0.0))
    return max(found - width, 0.0), min(found + width, 1.0)


def _bins(said: Matrix, answers: np.ndarray, confidence: Decimal) -> list[Bin]:
    ordered = np.argsort(said, kind="stable")
    return [
        Bin(float(said[part].mean()) * 100, rate(int(answers[part].sum()), len(part), confidence))
        for part in np.array_split(ordered, _BINS)
        if len(part)
    ]


def _groups(
    family: str,
    later: Sequence[Row],
    said: Matrix,
    answers: np.ndarray,
    settings: Mapping[str, float],
    confidence: Decimal,
) -> list[Group]:
    made = []
    codes = [str(row[family] or "") for row in later]
    for code in sorted(set(codes)):
        mask = np.array([one == code for one in codes])
        n = int(mask.sum())
        is_known = n >= settings["group_offers"]
        made.append(
            Group(
                family,
                code,
                n,
                float(said[mask].mean()) * 100 if is_known else None,
                rate(int(answers[mask].sum()), n, confidence) if is_known else None,
            )
        )
    return made
