"""Charts of the review of the whole book by the section that they stand in, each with the table it is drawn from."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from nightdesk.render.book_drawn import BookDrawn, Rows
from nightdesk.render.book_emissions import emission_bars, quality_bars
from nightdesk.render.catalogue import Catalogue
from nightdesk.render.drawing import (
    FIRST,
    LAST,
    Bars,
    Box,
    Dot,
    Key,
    Part,
    Stroke,
    Word,
    bar_lines,
    line,
    tenth,
)  # fmt: skip
from nightdesk.render.project_model import Chart
from nightdesk.render.rows import decimal_of, int_of, text_of

_CATEGORIES = ("A", "B", "C", "FI")
_BANDS = ("weak", "fair", "good", "strong", "none")
#: moves of scores that are drawn: the largest
_MOVES = 12
_HUNDRED = Decimal(100)


def book_charts(section: str, rows: Mapping[str, Rows], with_: BookDrawn) -> tuple[Chart, ...]:
    """The charts of a section; none where nothing is known that could be drawn."""
    return tuple(chart for draw in _OF.get(section, ()) for chart in draw(rows, with_))


def _mix(rows: Mapping[str, Rows], with_: BookDrawn) -> list[Chart]:
    """Projects by category, those that are built and those that run beside each other."""
    t, f = with_.t, with_.f
    found = rows["esg_portfolio.category_mix"]
    stages = (("construction", "second"), ("operation", "first"))
    counts: dict[tuple[str, str], int] = {}
    for row in found:
        key = (str(row.get("category")), str(row.get("stage")))
        counts[key] = counts.get(key, 0) + (int_of(row, "project_count") or 0)
    categories = sorted({category for category, _ in counts}, key=lambda one: (one not in _CATEGORIES, one))
    lines = []
    for category in categories:
        parts = tuple(
            Part(tone, Decimal(counts.get((category, stage), 0)), f"{t.label('stage', stage)} {number}")
            for stage, tone in stages
            if (number := counts.get((category, stage), 0))
        )
        total = sum(number for (of, _), number in counts.items() if of == category)
        lines.append(Bars(_category(category, t), (parts,), (f.count(total),)))
    if not lines:
        return []
    most = Decimal(max(sum(n for (of, _), n in counts.items() if of == one) for one in categories))
    height, shapes = bar_lines(lines, most)
    table = [
        (_category(category, t), t.label("stage", stage), f.count(number))
        for (category, stage), number in sorted(counts.items())
    ]
    keys = [Key(tone, t.label("stage", stage), "box") for stage, tone in stages]
    columns = (("category", False), ("stage", False), ("project_count", True))
    return [with_.chart("mix", columns, table, height, shapes, keys)]


def _category(category: str, t: Catalogue) -> str:
    return t.label("book_category", None if category == "None" else category)


def _scores(rows: Mapping[str, Rows], with_: BookDrawn) -> list[Chart]:
    """How many projects are in each band, those with something red apart, tonight and before, and the largest moves."""
    t, f = with_.t, with_.f
    bands = {str(row.get("band")): row for row in rows["esg_portfolio.score_band"]}
    now, before, red = (t(f"book_column.{name}") for name in ("project_count", "before_count", "red_project_count"))
    counts = [
        (band, int_of(bands[band], "project_count") or 0, int_of(bands[band], "before_count"))
        for band in _BANDS
        if band in bands
    ]
    reds = {band: int_of(bands[band], "red_project_count") or 0 for band, _, _ in counts}
    charts = []
    if any(number or was for _, number, was in counts):
        lines = [
            Bars(
                t.label("score_band", band),
                (
                    (
                        *((Part("red", Decimal(reds[band]), f"{red} {reds[band]}"),) if reds[band] else ()),
                        Part("first", Decimal(number - reds[band]), f"{now} {number - reds[band]}"),
                    ),
                )
                + (((Part("second", Decimal(was), f"{before} {was}"),),) if was is not None else ()),
                (f.count(number), *((f.count(was),) if was is not None else ())),
            )
            for band, number, was in counts
        ]
        height, shapes = bar_lines(lines, Decimal(max(max(number, was or 0) for _, number, was in counts)))
        table = [
            (
                t.label("score_band", band),
                f.count(number),
                f.percent(decimal_of(bands[band], "mean_coverage_pct")),
                f.count(reds[band]),
                f.count(was),
            )
            for band, number, was in counts
        ]
        columns = (
            ("band", False), ("project_count", True), ("mean_coverage_pct", True), ("red_project_count", True),
            ("before_count", True),
        )  # fmt: skip
        keys = [Key("first", now, "box"), Key("red", red, "box"), Key("second", before, "box")]
        charts.append(with_.chart("score", columns, table, height, shapes, keys))
    return charts + _moves(rows["esg_portfolio.score_move"], with_)


def _moves(rows: Rows, with_: BookDrawn) -> list[Chart]:
    """Of the projects whose score moved most, where it was and where it is."""
    t, f = with_.t, with_.f
    known = [
        (row, was, is_)
        for row in rows
        if (was := decimal_of(row, "score_evidenced_before")) is not None
        and (is_ := decimal_of(row, "score_evidenced")) is not None
    ]
    known.sort(key=lambda one: (-abs(one[2] - one[1]), str(one[0].get("project_id"))))
    drawn = sorted(known[:_MOVES], key=lambda one: (one[2] - one[1], str(one[0].get("project_id"))))
    if not drawn:
        return []
    shapes: list[Stroke | Dot | Box | Word] = []
    table = []
    for place, (row, was, is_) in enumerate(drawn):
        y, name = Decimal(26 * place + 22), text_of(row, "name") or text_of(row, "project_id") or ""
        tone = "red" if is_ < was else "green"
        at = [tenth(FIRST + (LAST - FIRST) * min(max(value, Decimal(0)), _HUNDRED) / _HUNDRED) for value in (was, is_)]
        said = f"{f.points(was)} → {f.points(is_)}"
        shapes += [
            Word(Decimal(FIRST), y - 8, _short(name), "start"),
            Word(Decimal(LAST), y - 8, said, "end"),
            Stroke(f"{FIRST},{y} {LAST},{y}", "rule"),
            line([(at[0], y), (at[1], y)], tone),
            Dot(at[0], y, tone, f"{name} {f.points(was)}", is_hollow=True),
            Dot(at[1], y, tone, f"{name} {f.points(is_)}"),
        ]
        # the move is of the figures beside it: rounded apart, 85.14 to 78.16 would be 85.1 to 78.2 and -7.0
        table.append((name, f.points(was), f.points(is_), f.points(tenth(is_) - tenth(was))))
    columns = (("name", False), ("score_evidenced_before", True), ("score_evidenced", True), ("move", True))
    keys = [Key("red", t("score_direction.worse")), Key("green", t("score_direction.better"))]
    return [with_.chart("move", columns, table, 26 * len(drawn) + 6, shapes, keys, n=len(drawn))]


def _short(name: str) -> str:
    """As much of a name as stands beside the figures."""
    wide, kept = 0, ""
    for letter in name:
        wide += 6 if ord(letter) < 0x2E80 else 11
        if wide > 225:
            return f"{kept}…"
        kept += letter
    return kept


def _permits(rows: Mapping[str, Rows], with_: BookDrawn) -> list[Chart]:
    """Permits by the quarter in which they end, those with a renewal filed for and those without."""
    t, f = with_.t, with_.f
    found = [
        (str(row.get("bucket")), number, int_of(row, "filed_count") or 0)
        for row in sorted(rows["esg_portfolio.permit_quarter"], key=lambda row: int_of(row, "quarter_no") or 0)
        # what has no end does not run out
        if (number := int_of(row, "permit_count")) is not None and row.get("bucket") != "no_end"
    ]
    if not any(number for _, number, _ in found):
        return []
    filed_word, rest_word = t("book_column.filed_count"), t("book_chart.unfiled")
    lines = [
        Bars(
            t.label("permit_bucket", bucket),
            (
                (
                    Part(
                        "red" if bucket == "expired" else "second",
                        Decimal(number - filed),
                        f"{rest_word} {number - filed}",
                    ),
                    Part("first", Decimal(filed), f"{filed_word} {filed}"),
                ),
            ),
            (f.count(number),),
        )
        for bucket, number, filed in found
    ]
    height, shapes = bar_lines(lines, Decimal(max(number for _, number, _ in found)))
    table = [(t.label("permit_bucket", bucket), f.count(number), f.count(filed)) for bucket, number, filed in found]
    columns = (("bucket", False), ("permit_count", True), ("filed_count", True))
    keys = [Key("second", rest_word, "box"), Key("first", filed_word, "box")]
    keys += (
        [Key("red", t("permit_bucket.expired"), "box")] if any(one[0] == "expired" and one[1] for one in found) else []
    )
    return [with_.chart("permit", columns, table, height, shapes, keys)]


_OF: Mapping[str, tuple[Callable[[Mapping[str, Rows], BookDrawn], list[Chart]], ...]] = {
    "mix": (_mix,),
    "score": (_scores,),
    "permit": (_permits,),
    "emission": (emission_bars, quality_bars),
}
