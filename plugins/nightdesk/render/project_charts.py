"""Charts of a project's review, each with the table that it is drawn from: score, limits, action plan, incidents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from nightdesk.render.catalogue import Catalogue
from nightdesk.render.drawing import (
    BASE,
    FIRST,
    LAST,
    TOP,
    Box,
    Days,
    Dot,
    Drawing,
    Key,
    Scale,
    Stroke,
    Word,
    keyed,
    line,
    rounded_up,
    tenth,
    upright,
)  # fmt: skip
from nightdesk.render.figures import Figures
from nightdesk.render.project_model import Chart
from nightdesk.render.rows import Row, Table, as_rows, day_of, decimal_of, text_of

_BELOW = BASE + 15
_HEIGHT = BASE + 24
#: how far back incidents are drawn
_INCIDENT_DAYS = 1096
_MONTHS = 36
_HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Drawn:
    """What charts are drawn with."""

    day: date
    t: Catalogue
    f: Figures

    def chart(
        self,
        name: str,
        drawing: Drawing,
        columns: Sequence[tuple[str, bool]],
        rows: Sequence[tuple[str, ...]],
        title: str = "",
    ) -> Chart:
        """A chart of the family `esg_chart`."""
        return Chart(
            title=title or self.t(f"esg_chart.{name}"),
            drawing=drawing,
            table_title=self.t("esg_chart.table"),
            columns=tuple((self.t(f"esg_column.{column}"), is_number) for column, is_number in columns),
            rows=tuple(rows),
        )


def score_chart(scores: Table, signed: Sequence[Row], breaks: Sequence[date], with_: Drawn) -> Chart | None:
    """Both scores over the last months, signed ones as they were signed, and where the method changed: there the line
    breaks. None where no score is known."""
    t, f = with_.t, with_.f
    points = sorted(as_rows(scores), key=lambda row: str(row["as_of"]))
    known = [row for row in points if decimal_of(row, "score_strict") is not None]
    if not known:
        return None
    dated = [day for row in known if (day := day_of(row, "as_of"))]
    days, scale = Days(dated[0], with_.day), Scale(_HUNDRED)
    cuts = [day for day in breaks if days.first < day <= days.last]
    shapes: list[Stroke | Dot | Box | Word] = [*scale.shapes(), *days.words(_BELOW)]
    shapes += [upright(days.at(day), "break") for day in cuts]
    for column, tone, is_dashed in (("score_strict", "second", True), ("score_evidenced", "first", False)):
        for part in _parts(known, column, cuts):
            places = [(days.at(day), scale.at(value)) for day, value in part]
            shapes += [line(places, tone, is_dashed=is_dashed)] if len(places) > 1 else []
            shapes += [
                Dot(*place, tone, f"{day} {f.trimmed(value, 1)}")
                for place, (day, value) in zip(places, part, strict=True)
            ]
    marks = [
        (day, value)
        for row in signed
        if (day := day_of(row, "facts_on") or day_of(row, "period_end")) and days.first <= day <= days.last
        if (value := decimal_of(row, "score_evidenced")) is not None
    ]
    shapes += [
        Dot(days.at(day), scale.at(value), "third", f"{day} {f.trimmed(value, 1)}", True) for day, value in marks
    ]
    keys = [Key("first", t("esg.score_evidenced")), Key("second", t("esg.score_strict"), "dashed")]
    keys += [Key("third", t("esg_chart.signed"), "dot")] if marks else []
    keys += [Key("break", t("esg_chart.method"), "dashed")] if cuts else []
    rows = [
        (
            str(row["as_of"]),
            f.trimmed(decimal_of(row, "score_evidenced"), 1),
            f.trimmed(decimal_of(row, "score_strict"), 1),
            f.percent(decimal_of(row, "coverage_pct")),
            t("esg_chart.method") if any(_is_after(day, row, known) for day in cuts) else "",
        )
        for row in known
    ]
    columns = (("as_of", False), ("evidenced", True), ("strict", True), ("coverage", True), ("note", False))
    return with_.chart("score", keyed(_HEIGHT, shapes, keys), columns, rows)


def _parts(rows: Sequence[Row], column: str, cuts: Sequence[date]) -> list[list[tuple[date, Decimal]]]:
    """The points of a line, a new part from each day on which the method changed."""
    parts: list[list[tuple[date, Decimal]]] = [[]]
    before: date | None = None
    for row in rows:
        day, value = day_of(row, "as_of"), decimal_of(row, column)
        if day is None or value is None:
            continue
        if before is not None and any(before < cut <= day for cut in cuts):
            parts.append([])
        parts[-1].append((day, value))
        before = day
    return [part for part in parts if part]


def _is_after(cut: date, row: Row, rows: Sequence[Row]) -> bool:
    """Whether a row is the first one from a day on."""
    later = [str(other["as_of"]) for other in rows if str(other["as_of"]) >= str(cut)]
    return bool(later) and str(row["as_of"]) == later[0]


def limit_chart(item: str, history: Sequence[Row], unit: str, with_: Drawn) -> Chart | None:
    """A figure over its periods against its permit's limit; None with fewer than two figures or without a limit."""
    t, f = with_.t, with_.f
    known = [
        (day, value, decimal_of(row, "permit_limit"))
        for row in sorted(history, key=lambda row: str(row["period_end"]))
        if (day := day_of(row, "period_end")) and (value := decimal_of(row, "value")) is not None
    ]
    limits = [limit for _, _, limit in known if limit is not None]
    if len(known) < 2 or not limits:
        return None
    most = rounded_up(max([*limits, *(value for _, value, _ in known)]))
    days, scale = Days(known[0][0], known[-1][0]), Scale(most)
    shapes: list[Stroke | Dot | Box | Word] = [*scale.shapes(), *days.words(_BELOW)]
    shapes.append(line([(days.at(day), scale.at(limit)) for day, _, limit in known if limit is not None], "limit"))
    shapes.append(line([(days.at(day), scale.at(value)) for day, value, _ in known], "first"))
    shapes += [
        Dot(
            days.at(day),
            scale.at(value),
            "red" if limit is not None and value > limit else "first",
            f"{day} {f.trimmed(value)} {unit}",
        )
        for day, value, limit in known
    ]
    keys = (Key("first", t("esg_chart.reported", unit=unit)), Key("limit", t("esg_chart.limit")))
    rows = [(str(day), f.trimmed(value), f.trimmed(limit)) for day, value, limit in known]
    columns = (("period", False), ("actual", True), ("permit_limit", True))
    title = t("esg_chart.of_item", item=item)
    return with_.chart("limit", keyed(_HEIGHT, shapes, keys), columns, rows, title)


def burn_down(actions: Table, with_: Drawn) -> Chart | None:
    """Actions of the plan that are not done at each month's end, beside those that were not due yet; None without a
    plan of two months or more."""
    t = with_.t
    plan = [(due, day_of(row, "done_on")) for row in as_rows(actions) if (due := day_of(row, "due_on"))]
    if not plan:
        return None
    ends = _month_ends(min(due for due, _ in plan), max([with_.day, *(due for due, _ in plan)]), with_.day)
    if len(ends) < 2:
        return None
    planned = [(day, sum(due > day for due, _ in plan)) for day in ends]
    left = [(day, sum(done is None or done > day for _, done in plan)) for day in ends if day <= with_.day]
    days, scale = Days(ends[0], ends[-1]), Scale(Decimal(max(2, len(plan) + len(plan) % 2)))
    shapes: list[Stroke | Dot | Box | Word] = [*scale.shapes(), *days.words(_BELOW)]
    if days.first < with_.day < days.last:
        shapes.append(upright(days.at(with_.day), "break"))
    shapes.append(line([(days.at(day), scale.at(Decimal(n))) for day, n in planned], "second", is_dashed=True))
    shapes.append(line([(days.at(day), scale.at(Decimal(n))) for day, n in left], "first"))
    shapes += [Dot(days.at(day), scale.at(Decimal(n)), "first", f"{day} {n}") for day, n in left[-1:]]
    keys = (Key("first", t("esg_chart.left")), Key("second", t("esg_chart.planned"), "dashed"))
    done = dict(left)
    rows = [(str(day), str(n), str(done[day]) if day in done else "—") for day, n in planned]
    columns = (("month_end", False), ("planned_left", True), ("actual_left", True))
    return with_.chart("burn_down", keyed(_HEIGHT, shapes, keys), columns, rows)


def _month_ends(first: date, last: date, day: date) -> list[date]:
    """Ends of months from the one before a day to the one after another, tonight among them; the newest of many."""
    found, at = [], first.replace(day=1)
    while True:
        found.append(at - timedelta(days=1))
        if at > last:
            break
        at = (at + timedelta(days=32)).replace(day=1)
    around = sorted({*found, day})
    kept = [one for one in around if abs((one - day).days) <= _MONTHS * 31 // 2]
    return kept or around[-_MONTHS:]


def incident_chart(incidents: Table, tones: dict[str, str], with_: Drawn) -> Chart | None:
    """Incidents of the last three years by kind, from the day they happened to the day they were closed."""
    t = with_.t
    first = with_.day - timedelta(days=_INCIDENT_DAYS)
    shown = [row for row in as_rows(incidents) if (day := day_of(row, "occurred_on")) and first <= day <= with_.day]
    if not shown:
        return None
    kinds = sorted({str(row.get("kind")) for row in shown})
    days = Days(first, with_.day)
    base = TOP + 24 * len(kinds)
    shapes: list[Stroke | Dot | Box | Word] = []
    rows = []
    for place, kind in enumerate(kinds):
        name, y = t.label("incident_kind", kind), Decimal(TOP + 24 * place + 16)
        shapes += [Word(Decimal(FIRST), y - 7, name, "start"), Stroke(f"{FIRST},{y} {LAST},{y}", "rule")]
        for row in (row for row in shown if str(row.get("kind")) == kind):
            began, ended = day_of(row, "occurred_on") or with_.day, day_of(row, "closed_on")
            is_known = ended is not None or text_of(row, "state") != "not_assessed"
            tone = "grey" if ended or not is_known else tones.get(kind, "amber")
            said = t("esg.closed_on", day=ended) if ended else t("esg.open") if is_known else t("esg.unknown")
            width = max(days.at(ended or with_.day) - days.at(began), Decimal(1))
            shapes.append(Box(days.at(began), y - 2, tenth(width), Decimal(4), tone, f"{name} {began}"))
            shapes.append(Dot(days.at(began), y, tone, f"{name} {began} {said}"))
            rows.append((str(began), name, said))
    shapes += [Stroke(f"{FIRST},{base} {LAST},{base}", "rule"), *days.words(base + 14)]
    keys = (Key("amber", t("esg_chart.open"), "box"), Key("grey", t("esg_chart.closed"), "box"))
    columns = (("occurred", False), ("kind", False), ("state", False))
    drawing = keyed(base + 22, shapes, keys)
    return with_.chart("incidents", drawing, columns, sorted(rows, reverse=True))
