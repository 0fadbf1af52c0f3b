"""The challenger's page: how it was trained, how it did, and what it says beside the rule."""

from dataclasses import asdict

from nightdesk.challenger.features import FEATURES
from nightdesk.render.catalogue import Language, catalogue
from nightdesk.render.challenger_figures import ChallengerInput
from nightdesk.render.environment import fill, styles


def render_challenger(source: ChallengerInput, language: Language) -> str:
    """The page in one language. The same input gives the same bytes."""
    return fill(
        "challenger.html.j2",
        source=source,
        features=FEATURES,
        t=catalogue(language),
        html_lang="zh-CN" if language == "zh_CN" else "en",
        styles=styles("base", "quality", "evaluation", "offer"),
    )


def twin_of(source: ChallengerInput) -> dict[str, object]:
    """The same figures for machines; probabilities in percent with one decimal, as text."""
    judged = source.judged
    return {
        "date": source.business_date,
        "revision": source.revision,
        "trained": {"offers": source.trained_rows, "accepted": source.trained_accepted, "unanswered": source.pending},
        "tried": {"on": source.tried_on, "offers": source.tried_rows, "later": judged.later, "known": judged.is_known},
        "ranked": [
            {
                "ranking": one.code,
                "auc": _short(one.auc),
                "auc_low": _short(one.auc_low),
                "auc_high": _short(one.auc_high),
                "head": asdict(one.head),
            }
            for one in judged.ranked
        ],
        "brier": _short(judged.brier),
        "brier_of_share": _short(judged.brier_of_share),
        "drift": [
            {"feature": one.feature, "later": _short(one.later), "tonight": _short(one.tonight), "level": one.level}
            for one in source.drift
        ],
        "beside": [
            {
                "client_id": one.row["client_id"],
                "product": one.row["product"],
                "rule_place": one.rule_place,
                "rule_score": one.row["rule_score_tonight"],
                "probability_pct": f"{one.probability_pct:.1f}",
                "place": one.place,
                "reasons": [{"feature": why.feature, "points": f"{why.points:.1f}"} for why in one.reasons],
            }
            for one in source.beside
        ],
    }


def _short(value: float | None) -> str | None:
    return None if value is None else f"{value:.4f}"
