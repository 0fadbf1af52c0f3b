"""A branch's published rows: checked to be its own, named as the mail mode allows, gathered into cards."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from nightdesk.errors import NightdeskError
from nightdesk.render.branch_model import Card, Line, Person
from nightdesk.render.card_steps import in_order, shown_of, steps_of, undated
from nightdesk.render.catalogue import Catalogue, catalogue
from nightdesk.render.figures import Figures
from nightdesk.render.made_of import BranchInput
from nightdesk.render.masking import client_name
from nightdesk.render.rows import Row, Table, as_rows, day_of, decimal_of, flag_of, int_of, text_of
from nightdesk.render.standing_words import rule_sentences, standing_words
from nightdesk.render.task_line import line_of, without_suspicion

LAST = 1_000_000
WARNED = ("red", "orange", "amber", "blue")


class BranchRows:
    """One branch's rows, checked to be its own, with the people in them as they may be named."""

    def __init__(self, source: BranchInput) -> None:
        self.source = source
        self.t: Catalogue = catalogue(source.language)
        self.f = Figures(source.language, source.notes.base_ccy)
        self.branch_id = text_of(source.branch, "branch_id") or ""
        self.full = source.mail_mode == "full"
        self.clients: Mapping[str, Row] = {str(row["client_id"]): row for row in as_rows(source.clients)}
        self.staff: Mapping[str, Row] = {str(row["staff_id"]): row for row in as_rows(source.staff)}
        self.warnings = self.own(source.warnings)
        self.signals: Mapping[tuple[str, str], Row] = {
            (str(row["client_id"]), str(row["indicator"])): row for row in self.own(source.signals)
        }
        self.warned: Mapping[str, Row] = {str(row["client_id"]): row for row in self.warnings}
        self.steps = grouped(self.own(source.steps), "task_key")
        self.deciding = grouped(self.own(source.deciding), "client_id")
        self.lines: dict[int, Line] = {}
        self.tasks = sorted(
            (without_suspicion(row, self.t) for row in self.own(source.tasks)),
            key=lambda row: (rank_of(row), text_of(row, "task_key") or ""),
        )

    def own(self, table: Table) -> tuple[dict[str, object], ...]:
        """The rows of a table, all of this branch.

        Raises NightdeskError when another branch's row is among them: its clients must not be read here.
        """
        rows = as_rows(table)
        for row in rows:
            if row.get("branch_id", self.branch_id) != self.branch_id:
                raise NightdeskError(
                    f"a row of branch {row.get('branch_id')} came to the list of branch {self.branch_id}",
                    "Filter the published rows by branch_id before rendering.",
                )
        return rows

    def client(self, client_id: object) -> Person:
        """The client as this list may name it."""
        key = str(client_id)
        return Person(client_name(self.clients.get(key, {"client_id": key}), full=self.full), key)

    def owner(self, row: Row) -> Person:
        """Who is to act."""
        key = text_of(row, "owner_id")
        if key is None:
            return Person(self.t("owner.none"), "")
        return Person(text_of(self.staff.get(key, {}), "name") or key, key)

    def staff_name(self, staff_id: str | None) -> str:
        """A member of staff by name, else by id."""
        return "" if staff_id is None else text_of(self.staff.get(staff_id, {}), "name") or staff_id

    def line(self, row: Row) -> Line:
        """The line of a task, made once: the page and the workbook share it."""
        key = id(row)
        if key not in self.lines:
            steps = self.steps_of_task(row)
            line = line_of(self.since_last_list(row), self.t, self.f, self.staff_name, steps)
            is_unproven = flag_of(self.signal(row), "is_unproven")
            self.lines[key] = replace(line, unproven=self.t("unproven.mark")) if is_unproven else line
        return self.lines[key]

    def steps_of_task(self, row: Row) -> Sequence[Row]:
        """The steps of a warning; what is neutral for the branch has none that it could be told by."""
        return self.steps.get(str(row.get("task_key")), ()) if row.get("kind") == "warning" else ()

    def decided(self, client_id: object) -> str:
        """The rules that gave a client its colour; nothing where none did."""
        key = str(client_id)
        floor = self.t.label("floor_class", text_of(self.warned.get(key, {}), "floor_class"))
        return self.t("todo.join").join(rule_sentences(self.deciding.get(key, ()), self.t, self.f, floor))

    def standing(self, client_id: object) -> str:
        """How a client compares with its peers and with itself, where that is known."""
        return standing_words(self.warned.get(str(client_id), {}), self.t)

    def signal(self, row: Row) -> Row:
        """The signal behind a task; nothing where there is none."""
        return self.signals.get((str(row["client_id"]), text_of(row, "indicator") or ""), {})

    def since_last_list(self, row: Row) -> Row:
        """The row as news: what first fired in a night after the last list is new to whoever reads this one."""
        first_seen = day_of(self.signal(row), "first_seen")
        since = self.source.business_date - timedelta(days=self.source.notes.covers_days)
        if row.get("change") == "same" and first_seen is not None and first_seen > since:
            return {**row, "change": "new"}
        return row

    def printed(self, rows: Sequence[Row]) -> list[Row]:
        """The rows of one card in the order they are printed."""
        return in_order(rows, self.signal, self.line)

    def cards(self, rows: Sequence[Row]) -> list[Card]:
        """One card per client and owner, in the order of their first lines."""
        groups: dict[tuple[str, str], list[Row]] = {}
        for row in rows:
            groups.setdefault((str(row["client_id"]), text_of(row, "owner_id") or ""), []).append(row)
        return [self.card(number, group) for number, group in enumerate(groups.values(), start=1)]

    def card(self, number: int, rows: Sequence[Row]) -> Card:
        """The card of rows that share client and owner."""
        first = rows[0]
        colour = next((text_of(row, "colour") for row in rows if text_of(row, "colour")), None) or "none"
        tier = text_of(first, "tier") or "none"
        printed = self.printed(rows)
        is_warned = colour in WARNED
        lines, data_to = undated([self.line(row) for row in printed], [self.signal(row) for row in printed], self.t)
        steps = steps_of(lines)
        shown, named = shown_of(steps)
        return Card(
            number=number,
            client=self.client(first["client_id"]),
            owner=self.owner(first),
            colour=colour,
            colour_label=self.t.label("colour", colour),
            tier=tier,
            tier_label=self.t.label("tier", tier),
            exposure=self.f.money(decimal_of(first, "exposure_amt")),
            standing=self.standing(first["client_id"]) if is_warned else "",
            decided=self.decided(first["client_id"]) if is_warned else "",
            data_to=data_to,
            ranked=self.line(first),
            steps=steps,
            shown=shown,
            more=self.more(named),
        )

    def more(self, lines: Sequence[Line]) -> str:
        """The lines that a card only names, in a sentence; nothing where it prints all."""
        if not lines:
            return ""
        items = self.t("list.join").join(
            self.t("card.named", name=line.indicator or line.kind, severity=line.severity_label) for line in lines
        )
        return self.t("card.more", n=len(lines), items=items, sheet=self.t("sheet.steps"))


def grouped(rows: Sequence[Row], name: str) -> dict[str, list[Row]]:
    """Rows by a column."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(str(row.get(name)), []).append(row)
    return found


def rank_of(row: Row) -> int:
    """The rank of a task; one without is last."""
    rank = int_of(row, "rank")
    return LAST if rank is None else rank


def card_key(row: Row) -> tuple[str, str]:
    """What makes tasks share a card: client and owner."""
    return str(row["client_id"]), text_of(row, "owner_id") or ""
