"""The review of the whole book and the yearly disclosure as pages: every summary with the list behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from nightdesk.render.book_cells import NUMBERS, BookCell, cell_of
from nightdesk.render.book_charts import book_charts
from nightdesk.render.book_drawn import BookDrawn
from nightdesk.render.branch_model import Fact
from nightdesk.render.catalogue import Catalogue, Language, catalogue
from nightdesk.render.drawing import WIDTH
from nightdesk.render.environment import fill, styles
from nightdesk.render.figures import Figures
from nightdesk.render.made_of import Notes
from nightdesk.render.night_facts import amounts_of, flags_of, notes_of
from nightdesk.render.panel import panel_words
from nightdesk.render.project_model import Chart
from nightdesk.render.rows import Row, int_of, text_of
from nightdesk.render.table_spec import SectionSpec, TableColumn, TableSpec

#: rows of one list that a page shows; the workbook has them all
SHOWN = 100
#: by figure at the head the list that it counts
_BEHIND = {
    "project_count": "project", "unknown_count": "project", "exposure_amt": "project", "approved_amt": "project",
    "actions_overdue": "overdue_action", "actions_overdue_high": "overdue_action", "permits_expired": "permit_due",
    "incidents_open": "incident_listed", "reviews_overdue": "review_listed", "reviews_unknown": "review_listed",
    "reviews_waiting": "approval_waiting", "reviews_returned": "rework_waiting",
    "conditions_open": "condition_open", "conditions_before_draw": "condition_open",
}  # fmt: skip


@dataclass(frozen=True)
class BookInput:
    """What a page of the book is made of: its sections, the rows of each model by its name, and what the night says.

    `headline` is the row of figures at the head, or empty: amounts, counts, and texts as they are. `titles` are those
    of tables whose names are policy's; `shown` rows of one list stand on the page. A row's `leads_to` is the anchor
    that its first cell leads to.
    """

    kind: str
    business_date: date
    revision: int
    restated: bool
    language: Language
    notes: Notes
    sections: Sequence[SectionSpec]
    rows: Mapping[str, Sequence[Row]]
    headline: Row
    titles: Mapping[str, str] = field(default_factory=dict)
    shown: int = SHOWN


@dataclass(frozen=True)
class BookFigure(Fact):
    """A figure at the head, and the anchor of the list that it counts; empty where it has none."""

    href: str = ""


@dataclass(frozen=True)
class BookTable:
    """A table of the page. `more` says how many rows are in the workbook alone; `said` stands where there is none."""

    anchor: str
    title: str
    hint: str
    columns: tuple[tuple[str, bool], ...]
    rows: tuple[tuple[BookCell, ...], ...]
    more: str
    said: str


@dataclass(frozen=True)
class BookSection:
    """A section of the page."""

    title: str
    hint: str
    charts: tuple[Chart, ...]
    tables: tuple[BookTable, ...]
    lists: tuple[BookTable, ...]


@dataclass(frozen=True)
class BookView:
    """A page of the book, ready to print."""

    html_lang: str
    title: str
    sub: str
    when: str
    flags: tuple[Fact, ...]
    figures: tuple[BookFigure, ...]
    sections: tuple[BookSection, ...]
    notes: tuple[Fact, ...]
    note: str


def render_book(source: BookInput) -> str:
    """The page as HTML. The same input gives the same bytes."""
    t = catalogue(source.language)
    return fill("book.html.j2", view=book_view(source), t=t, width=WIDTH, styles=styles("base", "esg", "book"))


def book_view(source: BookInput) -> BookView:
    """The view model of one page."""
    t = catalogue(source.language)
    f = Figures(source.language, source.notes.base_ccy)
    return BookView(
        html_lang="zh-CN" if source.language == "zh_CN" else "en",
        title=t(f"book_{source.kind}.title"),
        sub=t("esg.subtitle", date=f.day(source.business_date), revision=t("revision", n=source.revision)),
        when=f.long_day(source.notes.morning),
        flags=flags_of(source.notes, t, restated=source.restated),
        figures=_headline(source, t, f),
        sections=tuple(_section(section, source, t, f) for section in source.sections),
        notes=(*notes_of(source.revision, source.notes, t, f), *(amounts_of(t) if _tells_amounts(source) else ())),
        note=t(f"book_{source.kind}.note"),
    )


def _tells_amounts(source: BookInput) -> bool:
    """Whether a table of it has what is lent, in words that are explained once."""
    return any(column.name in ("exposure_amt", "outstanding_amt") for column in _columns(source))


def _columns(source: BookInput) -> list[TableColumn]:
    """Every column of its tables."""
    tables = (table for section in source.sections for table in (*section.summaries, *section.lists))
    return [column for table in tables for column in table.columns]


def _section(spec: SectionSpec, source: BookInput, t: Catalogue, f: Figures) -> BookSection:
    anchors = {table.name: _anchors(table, source) for table in spec.lists if table.groups}
    return BookSection(
        title=t(f"book_section.{spec.name}"),
        hint=t(f"book_hint.{spec.name}"),
        charts=book_charts(spec.name, source.rows, BookDrawn(t, f)),
        tables=tuple(_table(table, source, anchors, t, f) for table in spec.summaries),
        lists=tuple(_table(table, source, anchors, t, f) for table in spec.lists),
    )


def _anchors(spec: TableSpec, source: BookInput) -> dict[object, str]:
    """Of each group of a list, the anchor at its first row, where the page shows that; else that of the list."""
    found: dict[object, str] = {}
    for number, row in enumerate(sorted_rows(spec, source.rows[spec.model])):
        group = row.get(spec.groups)
        if group not in found:
            found[group] = f"{spec.name}-{len(found) + 1}" if number < source.shown else spec.name
    return found


def _table(
    spec: TableSpec, source: BookInput, anchors: Mapping[str, Mapping[object, str]], t: Catalogue, f: Figures
) -> BookTable:
    rows = sorted_rows(spec, source.rows[spec.model])
    columns = [column for column in spec.columns if _is_shown(column, rows)]
    leads = anchors.get(spec.listed, {})
    own = dict(anchors.get(spec.name, {}))
    shown = []
    for row in rows[: source.shown]:
        # the first row of a group is where its summary leads
        anchor = own.pop(row.get(spec.groups), "") if spec.groups else ""
        href = leads.get(row.get(spec.by), "") if spec.by else text_of(row, "leads_to") or ""
        cells = [cell_of(row, column, source.language, t, f) for column in columns]
        cells[0] = replace(cells[0], href=href and f"#{href}", anchor=anchor if anchor != spec.name else "")
        shown.append(tuple(cells))
    more = len(rows) - len(shown)
    return BookTable(
        anchor=spec.name,
        title=title_of(spec, source, t),
        hint=t(f"book_table_hint.{spec.name}") if f"book_table_hint.{spec.name}" in t.messages else "",
        columns=tuple((heading(column.name, t, column.kind), column.kind in NUMBERS) for column in columns),
        rows=tuple(shown),
        more=t("book_page.more", n=more) if more else "",
        said=panel_words(
            t("book_page.none"),
            is_empty=not rows,
            rests_on=spec.rests_on,
            notes=source.notes,
            withheld=(),
            t=t,
        ),
    )


def _is_shown(column: TableColumn, rows: Sequence[Row]) -> bool:
    """What only some banks supply has no column where nobody does, nor what is not so tonight."""
    return not column.is_maybe or any(row.get(column.name) for row in rows)


def title_of(spec: TableSpec, source: BookInput, t: Catalogue) -> str:
    """The words over a table: policy's, or the catalogue's."""
    return source.titles.get(spec.name) or t(f"book_table.{spec.name}")


def heading(name: str, t: Catalogue, kind: str = "") -> str:
    """The words over a column; of amounts in millions with that."""
    return t("book_page.in_millions", said=heading(name, t)) if kind == "million" else t(f"book_column.{name}")


def sorted_rows(spec: TableSpec, rows: Sequence[Row]) -> list[Row]:
    """The rows in the table's order: each key upwards, or downwards with `-`; what is not known stands last."""
    found = list(rows)
    for key in reversed(spec.order):
        name = key.lstrip("-")
        known = [row for row in found if row.get(name) is not None]
        known.sort(key=lambda row: row[name], reverse=key.startswith("-"))  # type: ignore[arg-type, return-value]
        found = [*known, *(row for row in found if row.get(name) is None)]
    return found


def _headline(source: BookInput, t: Catalogue, f: Figures) -> tuple[BookFigure, ...]:
    facts, row = [], source.headline
    maybe = {column.name for column in _columns(source) if column.is_maybe}
    lists = {table.name for section in source.sections for table in (*section.summaries, *section.lists)}
    for name, value in row.items():
        if f"book_headline.{name}" not in t.messages:
            continue
        if value is None and name in maybe:
            continue
        if isinstance(value, str):
            text = value
        elif name.endswith("_amt"):
            text = f.money(value if isinstance(value, Decimal) else None)
        elif isinstance(value, Decimal):
            text = f.trimmed(value, 2)
        else:
            text = t("esg.unknown") if value is None else f.count(int_of(row, name))
        behind = _BEHIND.get(name, "")
        facts.append(BookFigure(t(f"book_headline.{name}"), text, href=f"#{behind}" if behind in lists else ""))
    return tuple(facts)
