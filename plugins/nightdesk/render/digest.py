"""The head-office digest: branches by colour, what moved, what is due, late, not sent or not assessed, and of whom."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from nightdesk.render.branch_model import Fact
from nightdesk.render.catalogue import Catalogue, Language, catalogue
from nightdesk.render.digest_none import none_words
from nightdesk.render.environment import fill, styles
from nightdesk.render.figures import Figures
from nightdesk.render.inert import LONGEST_NAME, cut
from nightdesk.render.made_of import Notes
from nightdesk.render.masking import shortened_company
from nightdesk.render.missing import missing_words
from nightdesk.render.night_facts import flags_of, notes_of
from nightdesk.render.project_model import Cell, Mark, Sheet
from nightdesk.render.punctuation import full_width
from nightdesk.render.rows import Row, as_rows, day_of, int_of, text_of

#: rows of a section on the page; what is beyond them is counted, and the export that has it is named
SHOWN = 200
COLOURS = ("red", "orange", "amber", "blue", "green", "not_assessed", "no_credit")
_RANK = {colour: place for place, colour in enumerate(COLOURS)}
#: sections in their order, and the export that holds all of each
_EXPORTS = {
    "move": "warning",
    "drift": "loan_class",
    "watch_decision": "watch",
    "watch_review": "watch",
    "exit_plan": "exit_plan",
    "late": "task",
    "not_assessed": "warning",
}


@dataclass(frozen=True)
class DigestInput:
    """Rows of asked.digest_branch and asked.digest_item; `names` of companies, persons have none here.

    `unsent`: business_date, branch_id, status of lists that are not out. `rules`, `strategies`: words by language.
    """

    business_date: date
    revision: int
    notes: Notes
    branches: Sequence[Row]
    items: Sequence[Row]
    names: Mapping[str, str]
    rules: Mapping[str, Mapping[Language, str]]
    strategies: Mapping[str, Mapping[Language, str]]
    unsent: Sequence[Row] = ()


@dataclass(frozen=True)
class DigestView:
    """A digest, ready to print."""

    html_lang: str
    business_date: str
    morning: str
    revision: str
    flags: tuple[Fact, ...]
    summary: tuple[Fact, ...]
    branches: Sheet
    sheets: tuple[Sheet, ...]
    notes: tuple[Fact, ...]


def digest_view(source: DigestInput, language: Language) -> DigestView:
    """The view model. The same input gives the same view."""
    t = catalogue(language)
    f = Figures(language, source.notes.base_ccy)
    items = _by_kind(source)
    return DigestView(
        html_lang="zh-CN" if language == "zh_CN" else "en",
        business_date=f.day(source.business_date),
        morning=f.long_day(source.notes.morning),
        revision=t("revision", n=source.revision),
        flags=flags_of(source.notes, t, restated=source.revision > 1),
        summary=_summary(source, items, t, f),
        branches=_branches(source, t, f),
        sheets=(
            _moves(items["move"], source, t),
            *(_section(kind, items[kind], source, t, f) for kind in _EXPORTS if kind not in ("move", "not_assessed")),
            _unsent(source, t, f),
            _reasons(items["not_assessed"], source, t, f),
        ),
        notes=notes_of(source.revision, source.notes, t, f),
    )


def render_digest(source: DigestInput, language: Language) -> str:
    """The digest as one HTML page."""
    t = catalogue(language)
    return fill("digest.html.j2", view=digest_view(source, language), t=t, styles=styles("base", "esg"))


def digest_text(source: DigestInput, language: Language) -> str:
    """The digest as plain text: the same sections, a line a row."""
    t, view = catalogue(language), digest_view(source, language)
    lines = [f"{t('digest.title')} {view.business_date} {view.revision}", ""]
    lines += [f"{fact.label}{t('list.colon')}{fact.value}" for fact in (*view.flags, *view.summary)]
    for sheet in (view.branches, *view.sheets):
        lines += ["", f"== {sheet.title}"]
        if sheet.rows:
            lines.append(" | ".join(label for label, _ in sheet.columns))
        for row in sheet.rows:
            lines.append(" | ".join(cell.mark.label if cell.mark else cell.text for cell in row))
        lines += [sheet.said] if sheet.said else []
    lines += ["", *(f"{fact.label}{t('list.colon')}{fact.value}" for fact in view.notes), t("digest.footer")]
    return "\n".join(lines) + "\n"


def _by_kind(source: DigestInput) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {kind: [] for kind in _EXPORTS}
    for row in as_rows(source.items):
        found[str(row["kind"])].append(row)
    return found


def _summary(source: DigestInput, items: Mapping[str, Sequence[Row]], t: Catalogue, f: Figures) -> tuple[Fact, ...]:
    worse = sum(_is_worse(row) for row in items["move"])
    facts = [
        Fact(t("digest.moved"), t("digest.moved_value", worse=f.count(worse), better=len(items["move"]) - worse)),
        *(Fact(t(f"digest.{kind}"), f.count(len(items[kind]))) for kind in _EXPORTS if kind != "move"),
        Fact(t("digest.unsent"), f.count(len(source.unsent)), "strong" if source.unsent else ""),
    ]
    return tuple(facts)


def _is_worse(row: Row) -> bool:
    """Towards red; a colour that is no longer known is no better one."""
    was, now = str(row["was"]), str(row["becomes"])
    return _RANK.get(now, 9) < _RANK.get(was, 9) if now in COLOURS[:5] else was in COLOURS[:5]


def _branches(source: DigestInput, t: Catalogue, f: Figures) -> Sheet:
    """A row a branch, the ones with most red and orange first, and the bank's sum."""
    rows = sorted(
        as_rows(source.branches),
        key=lambda row: (
            -(int_of(row, "red_count") or 0),
            -(int_of(row, "orange_count") or 0),
            -(int_of(row, "amber_count") or 0),
            str(row["branch_id"]),
        ),
    )
    counts = (*(f"{colour}_count" for colour in COLOURS), "watched_count", "intensive_count", "tasks_overdue")
    shown = []
    for row in rows:
        name = text_of(row, "name_en") if t.language == "en" else None
        head = f"{name or text_of(row, 'name') or ''} {row['branch_id']}".strip()
        shown.append((Cell(head, is_heading=True), *(_count(int_of(row, column) or 0, f) for column in counts)))
    if rows:
        sums = [sum(int_of(row, column) or 0 for row in rows) for column in counts]
        shown.append((Cell(t("digest.bank"), is_heading=True), *(_count(value, f) for value in sums)))
    heads = [(t("digest_column.branch"), False)]
    heads += [(t.label("colour", colour), True) for colour in COLOURS]
    heads += [(t(f"digest_column.{name}"), True) for name in ("watched", "intensive", "overdue")]
    return Sheet(title=t("digest.branches"), columns=tuple(heads), rows=tuple(shown), said="" if rows else t("none"))


def _count(value: int, f: Figures) -> Cell:
    return Cell(f.count(value) if value else "·", is_number=True)


def _moves(rows: Sequence[Row], source: DigestInput, t: Catalogue) -> Sheet:
    """Who changed colour since the night before, the gravest first; counted by way in the hint."""
    ways = Counter((str(row["was"]), str(row["becomes"])) for row in rows)
    hint = t("list.join").join(
        t("digest.way", was=t.label("colour", was), now=t.label("colour", now), n=n)
        for (was, now), n in sorted(ways.items(), key=lambda way: (_RANK.get(way[0][1], 9), _RANK.get(way[0][0], 9)))
    )
    order = sorted(rows, key=lambda row: (_RANK.get(str(row["becomes"]), 9), not _is_worse(row), str(row["client_id"])))
    shown = [
        (
            *_who(row, source),
            Cell("", Mark(t.label("colour", row["was"]), str(row["was"]))),
            Cell("", Mark(t.label("colour", row["becomes"]), str(row["becomes"]))),
        )
        for row in order[:SHOWN]
    ]
    return Sheet(
        title=t("digest.move"),
        hint=hint,
        columns=_heads(t, "branch", "client", "was", "now"),
        rows=tuple(shown),
        said=_rest("move", rows, source, t),
    )


def _section(kind: str, rows: Sequence[Row], source: DigestInput, t: Catalogue, f: Figures) -> Sheet:
    """One of the lists of what is due, drifting or late, the latest first."""
    order = sorted(
        rows, key=lambda row: (-(int_of(row, "late_days") or 0), str(row.get("on_date")), str(row["client_id"]))
    )
    shown = [(*_who(row, source), *_told(kind, row, source, t, f)) for row in order[:SHOWN]]
    heads = {
        "drift": ("loan", "booked", "floor", "why"),
        "watch_decision": ("stage", "proposed", "asked_on", "why"),
        "watch_review": ("stage", "due", "late"),
        "exit_plan": ("stage", "state", "strategy", "due"),
        "late": ("task", "due", "late"),
    }[kind]
    return Sheet(
        title=t(f"digest.{kind}"),
        columns=_heads(t, "branch", "client", *heads),
        rows=tuple(shown),
        said=_rest(kind, rows, source, t),
    )


def _told(kind: str, row: Row, source: DigestInput, t: Catalogue, f: Figures) -> tuple[Cell, ...]:
    was, becomes, reason = (text_of(row, name) for name in ("was", "becomes", "reason"))
    day, late = f.day(day_of(row, "on_date")), Cell(t("digest.days", n=int_of(row, "late_days") or 0))
    if kind == "drift":
        words = source.rules.get(reason or "", {}).get(t.language, reason or "")
        booked = Cell(t.label("floor_class", was))
        return (
            Cell(text_of(row, "about") or ""),
            booked,
            Cell(t.label("floor_class", becomes)),
            Cell(full_width(words, t)),
        )
    if kind == "watch_decision":
        stages = (Cell(t.label("watch_stage", code)) for code in (was, becomes))
        return (*stages, Cell(day), Cell(t.label("watch_rule", reason)))
    if kind == "watch_review":
        return Cell(t.label("watch_stage", was)), Cell(day), late
    if kind == "exit_plan":
        strategy = source.strategies.get(reason or "", {}).get(t.language, reason or "")
        return (
            Cell(t.label("watch_stage", was)),
            Cell(t.label("exit_state", becomes)),
            Cell(full_width(strategy, t)),
            Cell(day),
        )
    return Cell(t.label("kind", text_of(row, "about"))), Cell(day), late


def _unsent(source: DigestInput, t: Catalogue, f: Figures) -> Sheet:
    shown = [
        (Cell(f.day(day_of(row, "business_date"))), Cell(str(row["branch_id"]), is_heading=True),
         Cell(t.label("outbox_state", row["status"])))
        for row in as_rows(source.unsent)
    ]  # fmt: skip
    return Sheet(
        title=t("digest.unsent"),
        hint=t("digest.unsent_hint"),
        columns=_heads(t, "night", "branch", "status"),
        rows=tuple(shown),
        said="" if shown else t("digest.unsent_none"),
    )


def _reasons(rows: Sequence[Row], source: DigestInput, t: Catalogue, f: Figures) -> Sheet:
    """Why clients could not be assessed, a reason a row, with how many and which."""
    behind: dict[str, list[Row]] = {}
    for row in rows:
        for token in filter(None, (text_of(row, "reason") or "").split(",")):
            behind.setdefault(token, []).append(row)
    shown = []
    for token, clients in sorted(behind.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        named = t("list.join").join(str(row["client_id"]) for row in clients[:10])
        more = t("digest.more", n=len(clients) - 10) if len(clients) > 10 else ""
        shown.append(
            (
                Cell(missing_words([token], source.notes, t), is_heading=True),
                Cell(f.count(len(clients)), is_number=True),
                Cell(f"{named}{more}"),
            )
        )
    return Sheet(
        title=t("digest.not_assessed"),
        hint=t("digest.not_assessed_hint"),
        columns=(
            (t("digest_column.why"), False),
            (t("digest_column.clients"), True),
            (t("digest_column.which"), False),
        ),
        rows=tuple(shown[:SHOWN]),
        said="" if rows else _rest("not_assessed", rows, source, t),
    )


def _heads(t: Catalogue, *names: str) -> tuple[tuple[str, bool], ...]:
    return tuple((t(f"digest_column.{name}"), False) for name in names)


def _who(row: Row, source: DigestInput) -> tuple[Cell, Cell]:
    """The branch and the client: a company with its short name, a person by id alone."""
    client = str(row["client_id"])
    name = source.names.get(client, "")
    shown = f"{cut(shortened_company(name), LONGEST_NAME)} {client}" if name else client
    return Cell(text_of(row, "branch_id") or ""), Cell(shown, is_heading=True)


def _rest(kind: str, rows: Sequence[Row], source: DigestInput, t: Catalogue) -> str:
    """What a section says below its rows: that there are none, or where the rest is."""
    if not rows:
        return none_words(kind, as_rows(source.branches), source.notes, t, Figures(t.language, source.notes.base_ccy))
    if len(rows) <= SHOWN:
        return ""
    return t("digest.rest", n=len(rows) - SHOWN, table=_EXPORTS[kind], date=source.business_date)
