"""Where a client stands, in words: what decided its colour, how it compares, its path, and what would end a signal."""

import calendar
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby

from nightdesk.render.catalogue import Catalogue
from nightdesk.render.figures import Figures
from nightdesk.render.rows import Row, day_of, decimal_of, text_of
from nightdesk.render.sentences import Sentences

#: rules of a colour in the order in which they are told, the plainest first
_RULES = ("hard", "floor", "least_colour", "score", "reds", "single_red", "ambers", "told", "reserved")
#: figures of a rule
_OF_RULE = ("value", "line", "family_count", "family_line")
_COMPARED = {"<": "below", "<=": "at_most", ">": "above", ">=": "at_least"}


def rule_sentences(rows: Sequence[Row], t: Catalogue, f: Figures, floor: str) -> list[str]:
    """The rules that a colour rests on, a few words each; those that differ by their indicator alone are one, and what
    a hard signal sets besides goes without saying.

    `floor` says what the five-class floor is, or which rule made it.
    """
    hard = {text_of(row, "subject") for row in rows if text_of(row, "rule") == "hard"}
    told = [row for row in rows if text_of(row, "rule") != "least_colour" or text_of(row, "subject") not in hard]
    subjects: dict[tuple[str, ...], list[str]] = {}
    for row in sorted(told, key=lambda row: (_place(row), text_of(row, "subject") or "")):
        figures = (f.trimmed(decimal_of(row, name)) for name in _OF_RULE)
        key = (_sentence(row), text_of(row, "colour") or "", *figures)
        subjects.setdefault(key, []).append(text_of(row, "subject") or "")
    return [
        t(
            f"colour_rule.{rule}",
            subject=floor if rule == "floor" else t("list.join").join(named),
            colour=t.label("colour", colour),
            **dict(zip(_OF_RULE, figures, strict=True)),
        )
        for (rule, colour, *figures), named in subjects.items()
    ]


def _sentence(row: Row) -> str:
    """The rule's sentence: where one signal is enough, families are not spoken of."""
    rule = text_of(row, "rule") or ""
    return "ambers_any" if rule == "ambers" and decimal_of(row, "line") == 1 else rule


def _place(row: Row) -> int:
    rule = text_of(row, "rule")
    return _RULES.index(rule) if rule in _RULES else len(_RULES)


def capped_sentences(rows: Sequence[Row], points: str, t: Catalogue, f: Figures) -> list[str]:
    """What each group of indicators adds up to (the column `points`) and how much of it counts, by the group's code."""
    return [
        t(
            "score_capped",
            code=text_of(row, "group_code") or "",
            name=t.label("indicator_group", text_of(row, "group_code")),
            points=f.number(decimal_of(row, points)),
            cap=f.trimmed(decimal_of(row, "cap")),
        )
        for row in sorted(rows, key=lambda row: text_of(row, "group_code") or "")
    ]


def standing_words(row: Row, t: Catalogue) -> str:
    """Worse than its peers or not, deteriorating or not, as far as it is known; empty where neither is."""
    quadrant = text_of(row, "quadrant")
    return t.label("quadrant", quadrant) if quadrant else ""


def comparison_lines(row: Row, t: Catalogue, f: Figures) -> list[str]:
    """How a client's score compares with its peers' and with its own of 90 days ago, a line each, or why not."""
    score, day = f.trimmed(decimal_of(row, "score")), day_of(row, "score_90d_ago_on")
    above, change = (_signed(row, name, f) for name in ("score_above_peers", "score_change_90d"))
    group = text_of(row, "peer_group")
    return [
        t("standing.peers_unknown")
        if group is None
        else t(
            "standing.peers",
            group=t.label("peer_group", group),
            n=row.get("peer_count"),
            median=f.trimmed(decimal_of(row, "peer_median_score")),
            score=score,
            above=above,
        ),
        t("standing.before_unknown")
        if day is None
        else t(
            "standing.before", day=day.isoformat(), before=f.trimmed(decimal_of(row, "score_90d_ago")), change=change
        ),
    ]


def _signed(row: Row, name: str, f: Figures) -> str:
    value = decimal_of(row, name)
    return f"+{f.trimmed(value)}" if value is not None and value > 0 else f.trimmed(value)


def path_words(rows: Sequence[Row], t: Catalogue, f: Figures) -> str:
    """Score and colour of each month, those alike told together; a month without a night is said to have none."""
    ordered = sorted(rows, key=lambda row: day_of(row, "month") or date.min)
    told = [(_month(row, is_last=row is ordered[-1]), _point(row, t, f)) for row in ordered]
    parts = []
    for point, run in groupby(told, key=lambda one: one[1]):
        months = [month for month, _ in run]
        span = months[0] if len(months) == 1 else t("path.span", first=months[0], last=months[-1])
        parts.append(f"{span} {point}")
    return t("path.join").join(parts)


def _month(row: Row, *, is_last: bool) -> str:
    """The month; with the day of its night where that is not the end of it. The last one is still going on."""
    month, night = day_of(row, "month"), day_of(row, "night")
    if month is None:
        return ""
    ended = night is not None and night.day == calendar.monthrange(month.year, month.month)[1]
    return f"{night or month:%Y-%m}" if ended or is_last or night is None else f"{night:%Y-%m-%d}"


def _point(row: Row, t: Catalogue, f: Figures) -> str:
    colour = text_of(row, "colour")
    if colour is None:
        return t("path.gap")
    if colour in ("not_assessed", "no_credit"):
        return t.label("colour", colour)
    return f"{t.label('colour', colour)} {f.trimmed(decimal_of(row, 'score'))}"


def clearing_words(signal: Row, t: Catalogue, base_ccy: str) -> str:
    """What would end a signal: the value that it has to reach, or the end of the matter itself; empty for no signal."""
    if not signal:
        return ""
    _, _, comparison = (text_of(signal, "clears") or "").partition(" ")
    sign, _, value = comparison.partition(" ")
    if sign not in _COMPARED:
        return t("clears.matter")
    unit: Mapping[str, str | None] = {"value": value, "unit": text_of(signal, "unit")}
    return t(f"clears.{_COMPARED[sign]}", value=Sentences(t.language, base_ccy).fill("{value:unit}", unit))
