"""Rows that a night could not use, by whose they are: which table in words, how many, and why; never what they say."""

from collections import Counter
from collections.abc import Callable, Sequence

from nightdesk.render.branch_card import Person
from nightdesk.render.branch_model import HeldBack, HeldRow
from nightdesk.render.catalogue import Catalogue
from nightdesk.render.made_of import Notes
from nightdesk.render.missing import missing_word
from nightdesk.render.rows import Row, Table, as_rows, day_of, text_of


def held_back_of(table: Table, notes: Notes, person: Callable[[str], Person], t: Catalogue) -> tuple[HeldBack, ...]:
    """One entry a client, in the order of their ids; the branch's own rows first."""
    grouped: dict[str, list[Row]] = {}
    for row in as_rows(table):
        grouped.setdefault(text_of(row, "client_id") or "", []).append(row)
    found = []
    for key in sorted(grouped):
        client = person(key) if key else Person(t("withheld.of_branch"), "")
        rows = [_row(row, client, notes, t) for row in things_of(grouped[key])]
        rows.sort(key=lambda row: (row.what, row.subject))
        # a client whose own row is held back has no name: its id says it once
        shown = client if client.name != client.id else Person(client.id, "")
        found.append(HeldBack(shown, held_words(rows, t), tuple(rows)))
    return tuple(found)


def things_of(rows: Table) -> list[Row]:
    """Each row or cell once, however many loans and projects it concerns: more than one are not named."""
    found: dict[tuple[object, ...], Row] = {}
    for row in as_rows(rows):
        key = (row.get("table_name"), row.get("row_key"), row.get("column_name"))
        former = found.get(key)
        if former is None:
            found[key] = row
        elif any(former.get(name) != row.get(name) for name in ("loan_id", "project_id")):
            found[key] = row | {"loan_id": None, "project_id": None}
    return list(found.values())


def _row(row: Row, client: Person, notes: Notes, t: Catalogue) -> HeldRow:
    table, column = text_of(row, "table_name") or "", text_of(row, "column_name")
    return HeldRow(
        client=client,
        what=missing_word(f"{table}.{column}" if column else table, notes, t),
        subject=text_of(row, "loan_id") or text_of(row, "project_id") or "",
        reason=t.label("withheld_reason", text_of(row, "reason")),
        since=day_of(row, "since"),
    )


def held_words(rows: Sequence[HeldRow], t: Catalogue) -> str:
    """Which tables, how many rows of each, of which loan or project where there is one, and why."""
    counts = Counter((row.what, row.subject, row.reason) for row in rows)
    return t("list.join").join(
        t("withheld.item", what=f"{what} {subject}".strip(), reason=reason, n=n)
        for (what, subject, reason), n in counts.items()
    )
