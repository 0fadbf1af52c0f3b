"""The sections of the head-office digest as tables: branches by colour, moves, what is due or late, and why not."""

from collections import Counter
from collections.abc import Sequence

from nightdesk.render.catalogue import Catalogue
from nightdesk.render.digest_none import none_words
from nightdesk.render.digest_source import COLOURS, EXPORTS, RANK, SHOWN, DigestInput
from nightdesk.render.figures import Figures
from nightdesk.render.missing import missing_words
from nightdesk.render.people import STAFF, named_staff
from nightdesk.render.project_model import Cell, Mark, Sheet
from nightdesk.render.punctuation import full_width
from nightdesk.render.rows import Row, as_rows, day_of, int_of, text_of


def branch_sheet(source: DigestInput, t: Catalogue, f: Figures) -> Sheet:
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


def move_sheet(rows: Sequence[Row], source: DigestInput, t: Catalogue) -> Sheet:
    """Who changed colour since the night before, the gravest first; counted by way in the hint."""
    ways = Counter((str(row["was"]), str(row["becomes"])) for row in rows)
    hint = t("list.join").join(
        t("digest.way", was=t.label("colour", was), now=t.label("colour", now), n=n)
        for (was, now), n in sorted(ways.items(), key=lambda way: (RANK.get(way[0][1], 9), RANK.get(way[0][0], 9)))
    )
    order = sorted(
        rows, key=lambda row: (RANK.get(str(row["becomes"]), 9), row["about"] != "worse", str(row["client_id"]))
    )
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


def due_sheet(kind: str, rows: Sequence[Row], source: DigestInput, t: Catalogue, f: Figures) -> Sheet:
    """One of the lists of what is due, drifting or late, the latest first."""
    order = sorted(
        rows, key=lambda row: (-(int_of(row, "late_days") or 0), str(row.get("on_date")), str(row["client_id"]))
    )
    shown = [(*_who(row, source), *_told(kind, row, source, t, f)) for row in order[:SHOWN]]
    heads = {
        "drift": ("loan", "booked", "floor", "why"),
        "watch_decision": ("stage", "proposed", "turned_down", "asked_on", "why"),
        "watch_review": ("stage", "due", "late"),
        "exit_plan": ("stage", "state", "strategy", "due"),
        "esg_approval": ("review", "verdict", "prepared_by", "prepared_on", "due", "late"),
        "esg_rework": ("review", "verdict", "returned_by", "returned_on", "due", "late"),
        "late": ("task", "owner", "due", "late"),
    }[kind]
    return Sheet(
        title=t(f"digest.{kind}"),
        columns=_heads(t, "branch", "client", *heads),
        rows=tuple(shown),
        said=_rest(kind, rows, source, t),
    )


def _told(kind: str, row: Row, source: DigestInput, t: Catalogue, f: Figures) -> tuple[Cell, ...]:
    was, becomes, reason = (text_of(row, name) for name in ("was", "becomes", "reason"))
    day = f.day(day_of(row, "on_date"))
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
        stages = (Cell(t.label("watch_stage", code)) for code in (was, becomes, text_of(row, "about") or was))
        return (*stages, Cell(day), Cell(t.label("watch_rule", reason)))
    if kind == "watch_review":
        late = t("digest.days", n=int_of(row, "late_days") or 0)
        return Cell(t.label("watch_stage", was)), Cell(day), Cell(late)
    if kind == "exit_plan":
        strategy = source.strategies.get(reason or "", {}).get(t.language, reason or "")
        return (
            Cell(t.label("watch_stage", was)),
            Cell(t.label("exit_state", becomes)),
            Cell(full_width(strategy, t)),
            Cell(day),
        )
    if kind in ("esg_approval", "esg_rework"):
        since, late = f.day(day_of(row, "since_on")), t("digest.days", n=int_of(row, "late_days") or 0)
        who = named_staff(reason, source.staff) or ""
        told = (text_of(row, "about") or "", t.label("review_verdict", was), who, since, day, late)
        return tuple(Cell(word) for word in told)
    task = " ".join(filter(None, (t.label("kind", text_of(row, "about")), text_of(row, "indicator"))))
    owner = named_staff(reason, source.staff) or t("owner.none")
    return Cell(task), Cell(owner), Cell(day), Cell(t("digest.workdays", n=int_of(row, "late_days") or 0))


def unsent_sheet(source: DigestInput, t: Catalogue, f: Figures) -> Sheet:
    """Lists of this night and the one before that are not out."""
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


def reason_sheet(rows: Sequence[Row], source: DigestInput, t: Catalogue, f: Figures) -> Sheet:
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
    """The branch and the client: a company with its short name, a person by id alone, a colleague by name."""
    client = str(row["client_id"])
    name = source.names.get(client, "")
    shown = f"{name} {client}" if name else client
    if client.startswith(STAFF):
        shown = named_staff(client.removeprefix(STAFF), source.staff) or ""
    return Cell(text_of(row, "branch_id") or ""), Cell(shown, is_heading=True)


def _rest(kind: str, rows: Sequence[Row], source: DigestInput, t: Catalogue) -> str:
    """What a section says below its rows: that there are none, or where the rest is."""
    if not rows:
        return none_words(kind, as_rows(source.branches), source.notes, t, Figures(t.language, source.notes.base_ccy))
    if len(rows) <= SHOWN:
        return ""
    return t("digest.rest", n=len(rows) - SHOWN, table=EXPORTS[kind], date=source.business_date)
