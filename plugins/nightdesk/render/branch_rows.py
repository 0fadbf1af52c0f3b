"""A branch's published rows: checked to be its own, named as the mail mode allows, gathered into cards."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from nightdesk.errors import NightdeskError
from nightdesk.render.branch_card import Card, Line, Person
from nightdesk.render.branch_private import is_private, without_flows
from nightdesk.render.card_steps import also_of, in_order, named_with_day, shown_of, sooner_of, todo_of
from nightdesk.render.catalogue import Catalogue, catalogue
from nightdesk.render.figures import Figures
from nightdesk.render.made_of import BranchInput
from nightdesk.render.masking import client_name
from nightdesk.render.people import STAFF
from nightdesk.render.rows import Row, Table, as_rows, day_of, decimal_of, flag_of, int_of, text_of
from nightdesk.render.standing_words import rule_sentences, standing_words
from nightdesk.render.task_line import due_short, line_of, told_with_words, without_suspicion

LAST = 1_000_000
#: places that neither the client's colour nor its points give
PLACED = ("large_arrears", "stop", "near")
COLOURED = ("red", "orange", "amber")
WARNED = (*COLOURED, "blue")


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
        self.away: Mapping[str, Row] = {str(row["client_id"]): row for row in self.own(source.away)}
        self.warnings = self.own(source.warnings)
        self.signals: Mapping[tuple[str, str], Row] = {
            (str(row["client_id"]), str(row["indicator"])): row for row in self.own(source.signals)
        }
        self.warned: Mapping[str, Row] = {str(row["client_id"]): row for row in self.warnings}
        self.steps = grouped(self.own(source.steps), "task_key")
        self.deciding = grouped(self.own(source.deciding), "client_id")
        self.lines: dict[int, Line] = {}
        self.episodes: dict[tuple[str | None, ...], Row] = {}
        for row in sorted(self.own(source.episodes), key=lambda row: (str(row["last_seen"]), str(row["opened_on"]))):
            of = (str(row["client_id"]), str(row["indicator"]))
            self.episodes[of] = self.episodes[(*of, text_of(row, "loan_id"), text_of(row, "project_id"))] = row
        self.watched: Mapping[str, Row] = {str(row["client_id"]): row for row in self.own(source.watched)}
        self.tasks = sorted(
            (self.as_told(row) for row in self.own(source.tasks)),
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

    def as_told(self, row: Row) -> Row:
        """A task as this list may tell it: no suspicion of the branch's own clients, and no flows of a person without
        credit.
        """
        told = row if self.is_of_below(row) else without_suspicion(row, self.t)
        return without_flows(told, self.t) if self.is_private(row) else told

    def is_of_below(self, row: Row) -> bool:
        """Whether a row is of a client of another branch: work of risk above it."""
        branch_id = text_of(self.clients.get(str(row["client_id"]), {}), "branch_id")
        return branch_id is not None and branch_id != self.branch_id

    def is_private(self, row: Row) -> bool:
        """Whether a row is of a natural person of whom no credit is known."""
        key = str(row["client_id"])
        return is_private(self.clients.get(key, {}), self.warned.get(key, {}), row)

    def client(self, client_id: object) -> Person:
        """The client as this list may name it; a task about a colleague names the colleague."""
        key = str(client_id)
        if key.startswith(STAFF):
            staff_id = key.removeprefix(STAFF)
            return Person(self.staff_name(staff_id), staff_id)
        return Person(client_name(self.clients.get(key, {"client_id": key}), full=self.full), key)

    def colour_label(self, client_id: object, colour: str | None) -> str:
        """A client's colour in words; a colleague is no client and has none, which is no verdict on anybody."""
        if str(client_id).startswith(STAFF):
            return self.t("list.colleague")
        return self.t.label("colour", colour or "none")

    def owner(self, row: Row) -> Person:
        """Who is to act; of a client whose manager is away, both: whose it is, whose id it has, and who acts."""
        key = text_of(row, "owner_id")
        if key is None:
            return Person(self.t("owner.none"), "")
        name, away = self.staff_name(key), self.away.get(str(row["client_id"]), {})
        manager = text_of(away, "owner_id")
        if manager is None or text_of(away, "deputy_id") != key:
            return Person(name, key)
        return Person(self.t("owner.away", owner=self.staff_name(manager), deputy=name), manager)

    def staff_name(self, staff_id: str | None) -> str:
        """A member of staff by name, else by id."""
        return "" if staff_id is None else text_of(self.staff.get(staff_id, {}), "name") or staff_id

    def line(self, row: Row) -> Line:
        """The line of a task, made once: the page and the workbook share it."""
        key = id(row)
        if key not in self.lines:
            line = line_of(
                self.since_last_list(row), self.t, self.f, self.staff_name, self.steps_of_task(row), self.episode(row)
            )
            is_unproven = flag_of(self.signal(row), "is_unproven")
            self.lines[key] = replace(
                line,
                told_with=self.told_with(row),
                unproven=self.t("unproven.mark") if is_unproven else "",
            )
        return self.lines[key]

    def told_with(self, row: Row) -> str:
        """The other signals that a warning's line stands for; nothing where there are none."""
        return told_with_words(self.signal(row), self.t) if row.get("kind") == "warning" else ""

    def episode(self, row: Row) -> Row:
        """The open episode behind a task, of its own loan or project where there is one; nothing where none is."""
        client, indicator = str(row["client_id"]), text_of(row, "indicator") or ""
        own = self.episodes.get((client, indicator, text_of(row, "loan_id"), text_of(row, "project_id")))
        return self.episodes.get((client, indicator), {}) if own is None else own

    def stage(self, client_id: object) -> str:
        """The client's stage on the watch list and when it is reviewed next; empty where it has none."""
        row = self.watched.get(str(client_id), {})
        stage = text_of(row, "stage")
        if stage in (None, "W0"):
            return ""
        beside = []
        if row.get("decision") == "pending" and row.get("proposed_stage") == stage:
            beside.append(self.t("card.watch_pending"))
        if review := day_of(row, "review_due"):
            beside.append(self.t("card.watch_review", day=self.f.brief_day(review)))
        words = self.t("card.watched", stage=self.t.label("watch_stage", stage))
        return words + (self.t("list.aside", text=self.t("list.join").join(beside)) if beside else "")

    def steps_of_task(self, row: Row) -> Sequence[Row]:
        """The steps of a warning; what is neutral for the branch has none that it could be told by."""
        is_stepped = row.get("kind") in ("warning", "risk_signal")
        return self.steps.get(str(row.get("task_key")), ()) if is_stepped else ()

    def decided(self, client_id: object) -> str:
        """The rules that gave a client its colour; nothing where none did."""
        return self.t("todo.join").join(self.rules(client_id))

    def rules(self, client_id: object) -> list[str]:
        """The same, a sentence each, the plainest first."""
        key = str(client_id)
        floor = self.t.label("floor_class", text_of(self.warned.get(key, {}), "floor_class"))
        return rule_sentences(self.deciding.get(key, ()), self.t, self.f, floor)

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
        return in_order(rows, self.signal)

    def cards(self, rows: Sequence[Row], later: Sequence[Row] = ()) -> list[Card]:
        """One card per client of `rows`, in the order of their first lines; `later` are the rows that are put off."""
        groups, put_off = grouped(rows, "client_id"), grouped(later, "client_id")
        return [
            self.card(number, group, put_off.get(client_id, ()))
            for number, (client_id, group) in enumerate(groups.items(), start=1)
        ]

    def card(self, number: int, rows: Sequence[Row], later: Sequence[Row] = ()) -> Card:
        """The card of all rows of one client; those put off are counted. Its deadline is its first line's."""
        first = rows[0]
        owner = self.owner(first)
        colour = next((text_of(row, "colour") for row in rows if text_of(row, "colour")), None) or "none"
        tier = text_of(first, "tier") or "none"
        lines = [self.on_card(row, owner) for row in self.printed(rows)]
        shown, named = shown_of(lines)
        todo, more = todo_of(shown, self.t, self.f)
        sooner = sooner_of(lines, self.t)
        put_off = self.put_off([self.line(row) for row in later])
        return Card(
            number=number,
            client=self.client(first["client_id"]),
            owner=owner,
            colour=colour,
            colour_label=self.colour_label(first["client_id"], colour),
            tier=tier,
            tier_label=self.t.label("tier", tier),
            exposure=self.exposure(first),
            watched=self.stage(first["client_id"]),
            place=self.t.label("place_rule", first["place_rule"]) if first.get("place_rule") else "",
            is_placed=text_of(first, "place_rule") in PLACED,
            decided=next(iter(self.rules(first["client_id"])), "") if colour in COLOURED else "",
            lines=tuple(lines),
            shown=shown,
            named=self.t("todo.join").join(filter(None, (self.named(named), put_off))),
            todo=todo,
            more=self.t("card.more", n=more, sheet=self.t("sheet.steps")) if more else "",
            also=self.t("todo.join").join(filter(None, (sooner, also_of(lines, self.t), put_off))),
            put_off=put_off,
            sooner=sooner,
            due=lines[0].due,
            due_short=due_short(lines[0].late_days, self.t),
            due_state=lines[0].due_state,
        )

    def exposure(self, row: Row) -> str:
        """What the client owes and may draw; in words where that is nothing, or not known."""
        amount = self.exposure_amt(row)
        if amount is None:
            return self.t("list.exposure_unknown")
        return self.t("list.no_exposure") if amount == 0 else self.t("card.exposure", amount=self.f.money(amount))

    def exposure_amt(self, row: Row) -> Decimal | None:
        """The same as an amount: of a bank that supplies no loans nobody knows that there is none."""
        amount = decimal_of(row, "exposure_amt")
        return None if amount == 0 and "loan" in self.source.notes.not_supplied else amount

    def on_card(self, row: Row, owner: Person) -> Line:
        """A line as a card prints it: without the date of its data where that is the list's own, and with whoever is
        asked where that is somebody else than the card's owner.
        """
        line, asked = self.line(row), self.owner(row)
        day = self.source.notes.data_to
        ending = "" if day is None else self.t("line.data_to", day=day.isoformat())
        return replace(
            line,
            reason=(line.reason.removesuffix(ending) if ending else line.reason) + line.told_with,
            helper="" if asked == owner else asked.name,
        )

    def named(self, lines: Sequence[Line]) -> str:
        """The lines that a card only names, in a sentence; nothing where it prints all."""
        if not lines:
            return ""
        items = self.t("list.join").join(named_with_day(line, self.t) for line in lines)
        return self.t("card.names", n=len(lines), items=items)

    def put_off(self, lines: Sequence[Line]) -> str:
        """How many lines of a client are put off, and which of them is due first and when; nothing where none is."""
        if not lines:
            return ""
        first = min((line for line in lines if line.due_on), key=lambda line: line.due_on or date.max, default=None)
        due = "" if first is None else self.t("card.put_off_due", name=first.name, day=self.f.brief_day(first.due_on))
        return self.t("card.put_off", n=len(lines), due=due, sheet=self.t("sheet.list"))


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
