"""What each sheet of a branch's workbook holds: its columns, its rows, and what it says when there are none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from nightdesk.render.branch_card import Line
from nightdesk.render.branch_model import BranchView
from nightdesk.render.catalogue import Catalogue
from nightdesk.render.rows import day_of, decimal_of, int_of, text_of
from nightdesk.render.task_line import POINTS, todo_words

Cell = str | int | Decimal | date | None
#: what the feedback column offers, in its order
ANSWERS = ("done", "false_alarm", "transferred", "later")
#: the first columns of the list, up to the owner: what a reader needs on paper, at a size that can be read
PRINTED_COLUMNS = 16


@dataclass(frozen=True)
class Column:
    """A heading, its width in characters, and the format of its cells (a key of `_formats`)."""

    heading: str
    width: int
    shown: str = "text"
    #: what its cells may be filled with, as a list to choose from; none: anything
    choices: tuple[str, ...] = ()
    #: what is said beside a cell that is being filled
    hint: str = ""


@dataclass(frozen=True)
class SheetContent:
    """One sheet; of many columns only the first `printed` go on paper. `none` stands in it where it has no rows."""

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    none: str = ""
    printed: int | None = None


def sheets_of(view: BranchView, t: Catalogue, base_ccy: str) -> tuple[SheetContent, ...]:
    """The sheets of a workbook, in their order."""
    return (
        SheetContent(t("sheet.list"), _list_columns(t, base_ccy), _list_rows(view, t), t("list.none"), PRINTED_COLUMNS),
        SheetContent(t("sheet.steps"), _step_columns(t), _step_rows(view), t("list.steps_empty")),
        SheetContent(t("sheet.cleared"), _cleared_columns(t), _cleared_rows(view), t("list.cleared_empty")),
        SheetContent(t("sheet.tiers"), _tier_columns(t), _tier_rows(view), t("list.tiers_empty")),
        SheetContent(t("sheet.warnings"), _warning_columns(t), _warning_rows(view, t), t("list.warnings_empty")),
        SheetContent(t("sheet.held_back"), _held_columns(t), _held_rows(view), t("withheld.none")),
        note_sheet(view, t),
    )


def note_sheet(view: BranchView, t: Catalogue) -> SheetContent:
    """The last sheet: what the list says of its night."""
    return SheetContent(t("sheet.notes"), _note_columns(t), _note_rows(view, t))


def _list_columns(t: Catalogue, base_ccy: str) -> list[Column]:
    points = [Column(t("column.points", name=t(f"points.{name}")), 9, "points") for name in POINTS]
    return [
        Column(t("column.section"), 11),
        Column(t("column.card"), 6, "count"),
        Column(t("column.card_code"), 11),
        Column(t("column.colour"), 9),
        Column(t("column.client_id"), 13),
        Column(t("column.client"), 20),
        Column(t("column.tier"), 9),
        Column(t("column.kind"), 14),
        Column(t("column.indicator"), 8),
        Column(t("column.severity"), 8),
        Column(t("column.reason"), 52, "wrap"),
        Column(t("column.next_step"), 40, "wrap"),
        Column(t("column.due"), 13, "day"),
        Column(t("column.late_days"), 11, "count"),
        Column(t("column.level"), 14),
        Column(t("column.owner"), 12),
        Column(t("column.owner_id"), 10),
        Column(t("column.exposure", ccy=base_ccy), 18, "amount"),
        Column(t("column.rank"), 7, "count"),
        Column(t("column.priority"), 9, "points"),
        *points,
        Column(t("column.signal_points"), 9, "points"),
        Column(t("column.clears"), 16),
        Column(t("column.place_rule"), 18),
        Column(t("column.watched"), 26),
        Column(t("column.age"), 9),
        Column(t("column.change"), 8),
        Column(t("column.status"), 10),
        Column(t("column.feedback"), 28, "wrap"),
        Column(t("column.answer"), 13, choices=_choices(t), hint=t("list.answer_hint")),
        Column(t("column.answer_note"), 28),
        Column(t("column.subject"), 14),
        Column(t("column.task_key"), 15),
        Column(t("column.episode_id"), 18),
    ]


def _choices(t: Catalogue) -> tuple[str, ...]:
    return tuple(t.label("answer", answer) for answer in ANSWERS)


def _list_rows(view: BranchView, t: Catalogue) -> list[tuple[Cell, ...]]:
    return [
        (
            row.section,
            row.card_number,
            row.line.code,
            row.colour_label,
            row.client.id,
            row.client.name,
            row.tier_label,
            row.line.kind,
            row.line.indicator,
            row.line.severity_label,
            _reason(row.line, t),
            todo_words(row.line, t),
            row.due_on,
            row.late_days,
            row.line.escalated or row.line.level_label,
            row.owner.name,
            row.owner.id,
            row.exposure,
            row.rank,
            row.priority,
            *row.points,
            row.signal_points,
            row.clears,
            row.place_rule,
            row.watched,
            row.line.age,
            row.line.change_label,
            row.line.status_label,
            row.line.feedback,
            None,
            None,
            row.line.subject,
            row.line.task_key,
            row.line.episode_id,
        )
        for row in view.sheet
    ]


def _reason(line: Line, t: Catalogue) -> str:
    """Why, with the other signals of it, and that no evaluation has shown yet that it means something, where so."""
    return line.reason + line.told_with + (t("list.aside", text=line.unproven) if line.unproven else "")


def _step_columns(t: Catalogue) -> list[Column]:
    return [
        Column(t("column.client_id"), 13),
        Column(t("column.client"), 20),
        Column(t("column.indicator"), 10),
        Column(t("column.step"), 6, "count"),
        Column(t("column.owner_role"), 12),
        Column(t("column.action"), 60, "wrap"),
        Column(t("column.evidence"), 24, "wrap"),
        Column(t("column.step_due"), 12, "day"),
        Column(t("column.late_days"), 11, "count"),
        Column(t("column.task_key"), 15),
    ]


def _step_rows(view: BranchView) -> list[tuple[Cell, ...]]:
    return [
        (
            row.client.id,
            row.client.name,
            row.indicator,
            row.step,
            row.role,
            row.action,
            row.evidence,
            row.due_on,
            row.late_days,
            row.task_key,
        )
        for row in view.steps
    ]


def _cleared_columns(t: Catalogue) -> list[Column]:
    return [
        Column(t("column.client_id"), 13),
        Column(t("column.client"), 20),
        Column(t("column.indicator"), 8),
        Column(t("column.severity"), 8),
        Column(t("column.reason"), 60, "wrap"),
        Column(t("column.first_seen"), 12, "day"),
    ]


def _cleared_rows(view: BranchView) -> list[tuple[Cell, ...]]:
    return [
        (row.client.id, row.client.name, row.indicator, row.severity_label, row.reason, row.since)
        for row in view.cleared
    ]


def _tier_columns(t: Catalogue) -> list[Column]:
    names = ("client_id", "client", "tier_before", "tier_after", "direction", "cause", "effective")
    widths = (13, 20, 10, 10, 8, 34, 12)
    shown = ("text",) * 6 + ("day",)
    return [Column(t(f"column.{name}"), width, kind) for name, width, kind in zip(names, widths, shown, strict=True)]


def _tier_rows(view: BranchView) -> list[tuple[Cell, ...]]:
    return [
        (row.client.id, row.client.name, row.before, row.after, row.direction_label, row.cause, row.effective)
        for row in view.tier_changes
    ]


def _warning_columns(t: Catalogue) -> list[Column]:
    return [
        Column(t("column.client_id"), 13),
        Column(t("column.client"), 20),
        Column(t("column.colour"), 10),
        Column(t("column.previous_colour"), 10),
        Column(t("column.colour_since"), 12, "day"),
        Column(t("column.score"), 9, "points"),
        Column(t("column.capped_points"), 24, "wrap"),
        Column(t("column.decided"), 44, "wrap"),
        Column(t("column.standing"), 24, "wrap"),
        Column(t("column.peer_group"), 12),
        Column(t("column.peer_count"), 8, "count"),
        Column(t("column.peer_median_score"), 10, "points"),
        Column(t("column.score_90d_ago"), 10, "points"),
        Column(t("column.score_90d_ago_on"), 12, "day"),
        Column(t("column.path"), 44, "wrap"),
        Column(t("column.coverage"), 10, "share"),
        Column(t("column.floor_class"), 14),
        Column(t("column.missing"), 44, "wrap"),
    ]


def _warning_rows(view: BranchView, t: Catalogue) -> list[tuple[Cell, ...]]:
    return [
        (
            warned.client.id,
            warned.client.name,
            t.label("colour", text_of(row, "colour")),
            t.label("colour", text_of(row, "previous_colour")),
            day_of(row, "colour_since"),
            decimal_of(row, "score"),
            warned.capped,
            warned.decided,
            warned.standing,
            t.label("peer_group", text_of(row, "peer_group")),
            int_of(row, "peer_count"),
            decimal_of(row, "peer_median_score"),
            decimal_of(row, "score_90d_ago"),
            day_of(row, "score_90d_ago_on"),
            warned.path,
            decimal_of(row, "coverage"),
            t.label("floor_class", text_of(row, "floor_class")),
            text_of(row, "not_assessed"),
        )
        for warned, row in ((one, one.row) for one in view.warnings)
    ]


def _held_columns(t: Catalogue) -> list[Column]:
    names = ("client_id", "client", "held_back", "subject", "held_reason", "held_since")
    widths = (13, 20, 30, 18, 24, 12)
    shown = ("text",) * 5 + ("day",)
    return [Column(t(f"column.{name}"), width, kind) for name, width, kind in zip(names, widths, shown, strict=True)]


def _held_rows(view: BranchView) -> list[tuple[Cell, ...]]:
    return [
        (row.client.id, row.client.name, row.what, row.subject, row.reason, row.since)
        for held in view.held_back
        for row in held.rows
    ]


def _note_columns(t: Catalogue) -> list[Column]:
    return [Column(t("column.item"), 22), Column(t("column.value"), 90, "wrap")]


def _note_rows(view: BranchView, t: Catalogue) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = [(view.title, view.morning)]
    rows += [(fact.label, fact.value) for fact in (*view.flags, *view.figures)]
    rows += [(t("list.late"), view.late_hint), *((fact.label, fact.value) for fact in view.notes)]
    rows.append((t("list.others"), view.quiet))
    rows += [("", said) for said in view.said]
    return rows
