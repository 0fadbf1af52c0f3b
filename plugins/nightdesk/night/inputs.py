"""What a night's models read from outside sql/: source rows, policy, calendar, and the state of the night before."""

import datetime
from collections.abc import Iterable, Mapping

import pyarrow as pa

from nightdesk.business_day import Calendar
from nightdesk.checks.cells import row_key
from nightdesk.contract import Table, contract
from nightdesk.desk.ledger import Pin, chain_pins, feeds_of, get_attempt, note_calendar, pins_of
from nightdesk.engine import Engine, literal
from nightdesk.lake import files_of
from nightdesk.models import GIVEN_SCHEMAS, LAYERS, Model, declared_columns, models
from nightdesk.night.opening import Night
from nightdesk.policy import register_policy

#: how far the calendar reaches on each side of the business date: a year of history, a year of due dates
_CALENDAR_DAYS = 800
_QUARANTINE = {"table_name": "VARCHAR", "row_key": "VARCHAR"}
_SUPERSEDED = {"table_name": "VARCHAR", "row_key": "VARCHAR", "arrived_on": "DATE"}


def source_types(table: Table) -> dict[str, str]:
    """Names and types of a source table in the lake: contract columns, known_at, and for daily facts arrived_on."""
    types = {column.name: column.sql_type for column in table.columns.values()}
    types["known_at"] = "TIMESTAMP"
    if table.is_daily:
        types["arrived_on"] = "DATE"
    return types


def night_engine(night: Night) -> Engine:
    """An engine with a night's parameters bound."""
    parent = _parent_date(night)
    cutoff = night.attempt.cutoff_at.astimezone(datetime.UTC).replace(tzinfo=None)
    settings = night.settings
    work = settings.home / "work"
    work.mkdir(parents=True, exist_ok=True)
    return Engine(
        {
            "business_date": night.business_date,
            "morning": night.business_date + datetime.timedelta(days=1),
            "cutoff": cutoff,
            "base_ccy": night.profile.base_ccy,
            "parent_date": parent,
            "policy_version": night.attempt.policy_version,
            "timezone": night.profile.zone.key,
        },
        memory_limit=settings.memory_limit,
        threads=settings.threads,
        spill=work,
    )


def _parent_date(night: Night) -> datetime.date | None:
    if night.attempt.parent_attempt_id is None:
        return None
    with night.desk.connect() as connection:
        return get_attempt(connection, night.attempt.parent_attempt_id).business_date


class Inputs:
    """Registers, in one engine, exactly the outside tables that some models read."""

    def __init__(self, night: Night, engine: Engine) -> None:
        self._night = night
        self._engine = engine
        self._root = night.settings.lake_root
        with night.desk.connect() as connection:
            self._own = pins_of(connection, night.attempt.attempt_id)
            parent = night.attempt.parent_attempt_id
            self._parent: dict[str, Pin] = pins_of(connection, parent) if parent else {}
            self._feeds = feeds_of(connection, night.attempt.attempt_id)

    def register(self, to_build: Iterable[Model], layer: str) -> set[str]:
        """Register what `to_build` reads; returns the kept tables of earlier layers, which are present already."""
        reads = {table for model in to_build for table in model.reads}
        present: set[str] = set()
        register_policy(self._engine, self._night.business_date, self._night.profile.name)
        self._supplied()
        for table in sorted(reads):
            schema, _, name = table.partition(".")
            if schema == "source":
                self.source(name)
            elif schema == "previous":
                layer_of_it = _layer_of(name)
                self.previous(f"{layer_of_it}/{name}", declared_columns(layer_of_it)[name])
            elif schema == "former":
                self.former(name, goes_on=True)
            elif table == "night.calendar":
                self._calendar()
            elif table == "night.quarantine":
                self._quarantine()
            elif table == "night.withheld_client":
                self._withheld_clients()
            elif schema not in GIVEN_SCHEMAS and schema != layer and models()[table].is_kept:
                self.kept(f"{schema}/{name}", declared_columns(schema)[name])
                present.add(table)
        return present

    def source(self, name: str, schema: str = "source") -> None:
        """`source.<name>`: tonight's snapshot, or every version of daily facts that tonight sees.

        Under another schema (`held`), before tonight's rows are checked in, it is what former nights took.
        """
        if name.endswith("_superseded"):
            self._superseded_tonight(name.removesuffix("_superseded"))
            return
        table = contract()[name]
        lake_table = f"source/{name}"
        if not table.is_daily:
            self._view(f"{schema}.{name}", lake_table, _with_rows(self._own, lake_table), source_types(table))
            return
        is_held = schema != "source"
        batches = self._before(lake_table) if is_held else self.chain(lake_table)
        self._view(f"{schema}.{name}", lake_table, batches, source_types(table), self._alive(table, is_held=is_held))

    def chain(self, lake_table: str) -> list[str]:
        """Batches of a lake table along the nights that tonight continues, tonight's own last."""
        return self._chain(self._night.attempt.attempt_id, lake_table)

    def _before(self, lake_table: str) -> list[str]:
        """The same without tonight: a step that runs again must not read what it pinned when it ran before."""
        parent = self._night.attempt.parent_attempt_id
        return self._chain(parent, lake_table) if parent else []

    def _chain(self, attempt_id: str, lake_table: str) -> list[str]:
        with self._night.desk.connect() as connection:
            return chain_pins(connection, attempt_id, [lake_table])[lake_table]

    def _alive(self, table: Table, *, is_held: bool) -> str:
        """The filter that leaves superseded versions out; nothing where no row was ever corrected."""
        superseded = "night.superseded_before" if is_held else "night.superseded"
        if not self._engine.exists(superseded):
            batches = self._before("checks/superseded") if is_held else self.chain("checks/superseded")
            self._view(f"{superseded}_ever", "checks/superseded", batches, _SUPERSEDED)
            self._engine.execute(f"create table {superseded} as select * from {superseded}_ever")
        gone = self._engine.rows(
            f"select distinct row_key, arrived_on from {superseded} where table_name = $t order by all", t=table.name
        )
        if not gone:
            return ""
        # written out, since a history of millions of rows is then asked for a key in a list and nothing is joined;
        # the few rows of such a key are looked at again, with the date
        key = row_key(table, self._night.profile.zone)
        keys = ", ".join(dict.fromkeys(literal(row["row_key"]) for row in gone))
        versions = ", ".join(f"({literal(row['row_key'])}, {literal(row['arrived_on'])})" for row in gone)
        return f"where ({key} not in ({keys}) or ({key}, arrived_on) not in ({versions}))"

    def _superseded_tonight(self, name: str) -> None:
        """`source.<name>_superseded`: the held versions that a correction replaces tonight, in full."""
        table, target = contract()[name], f"source.{name}_superseded"
        lake_table = f"source/{name}"
        if "checks/superseded" not in self._own or not self._own["checks/superseded"].row_count:
            self._engine.empty(target, source_types(table))
            return
        self._view(
            "night.superseded_tonight",
            "checks/superseded",
            _with_rows(self._own, "checks/superseded"),
            _SUPERSEDED,
        )
        gone = (
            f"where ({row_key(table, self._night.profile.zone)}, arrived_on) in "
            f"(select (row_key, arrived_on) from night.superseded_tonight where table_name = '{name}')"
        )
        self._view(target, lake_table, self._before(lake_table), source_types(table), gone)

    def kept(self, lake_table: str, columns: dict[str, str]) -> None:
        """`layer.name`: a table that tonight's attempt has kept already."""
        self._view(lake_table.replace("/", "."), lake_table, _with_rows(self._own, lake_table), columns)

    def previous(self, lake_table: str, columns: dict[str, str]) -> str:
        """`previous.name`: a table that the night before kept; returns the relation."""
        target = f"previous.{lake_table.partition('/')[2]}"
        self._view(target, lake_table, _with_rows(self._parent, lake_table), columns)
        return target

    def former(self, name: str, *, goes_on: bool) -> None:
        """`former.<name>`: a kept table's batches of the nights that tonight continues; none where it starts anew."""
        table = f"{_layer_of(name)}/{name}"
        batches = self._before(table) if goes_on else []
        self._view(f"former.{name}", table, batches, declared_columns(_layer_of(name))[name])

    def _quarantine(self) -> None:
        held_back = _with_rows(self._own, "checks/quarantine")
        self._view("night.quarantine", "checks/quarantine", held_back, _QUARANTINE)

    def _withheld_clients(self) -> None:
        """`night.withheld_client`: clients of whom the checks hold back a loan, an account or an instalment tonight.

        Whose a row is that did not come through, only the row as it was read can say.
        """
        self._quarantine()
        for name in ("loan", "account"):
            landed = _with_rows(self._own, f"landing/{name}")
            self._view(f"landing.{name}", f"landing/{name}", landed, {f"{name}_id": "VARCHAR", "client_id": "VARCHAR"})
        held_back = "(select {key} from night.quarantine where table_name = '{table}')".format
        loans, accounts = held_back(key="row_key", table="loan"), held_back(key="row_key", table="account")
        unpaid = held_back(key="split_part(row_key, '|', 1)", table="instalment")
        self._engine.execute(
            "create or replace table night.withheld_client as "
            f"select client_id from landing.loan where loan_id in {loans} or loan_id in {unpaid} "
            f"union select client_id from landing.account where account_id in {accounts}"
        )

    def history(self, name: str) -> None:
        """`history.<name>`: the former nights' rows of a kept table, and tonight's, just built."""
        self._engine.schema("history")
        self._engine.execute(
            f"create or replace view history.{name} as select * from former.{name} "
            f"union all select * from {_layer_of(name)}.{name}"
        )

    def _view(self, target: str, lake_table: str, batches: list[str], types: dict[str, str], where: str = "") -> None:
        files = files_of(self._root, lake_table, batches, filled=batches)
        self._engine.view_of_files(target, files, types, where)

    def _supplied(self) -> None:
        self._engine.insert(
            "night.supplied",
            {"table_name": "VARCHAR", "is_supplied": "BOOLEAN"},
            [{"table_name": row["table_name"], "is_supplied": row["is_supplied"]} for row in self._feeds],
        )
        self._engine.insert(
            "night.supplied_column",
            {"table_name": "VARCHAR", "column_name": "VARCHAR"},
            [
                {"table_name": row["table_name"], "column_name": column}
                for row in self._feeds
                for column in row["columns_supplied"].split(",")
                if column
            ],
        )

    def calendar(self) -> Calendar:
        """The working days of this night: the bank's own days first."""
        self.source("calendar_day")
        rows = self._engine.rows("select day, is_workday, source from source.calendar_day")
        overrides = {row["day"]: (bool(row["is_workday"]), str(row["source"] or "bank")) for row in rows}
        return Calendar(self._night.profile.calendar, overrides)

    def _calendar(self) -> None:
        calendar = self.calendar()
        reach = datetime.timedelta(days=_CALENDAR_DAYS)
        frame = calendar.frame(self._night.business_date - reach, self._night.business_date + reach)
        self._engine.register_arrow("night.calendar", pa.Table.from_pandas(frame, preserve_index=False))
        if self._night.attempt.status == "running":  # a published night is only read, and has its calendar noted
            note_calendar(self._night.desk, self._night.attempt, calendar.version)


def _with_rows(pins: Mapping[str, Pin], lake_table: str) -> list[str]:
    """The batch of a lake table; none where the step wrote no row of it."""
    return [pins[lake_table].batch_id] if lake_table in pins and pins[lake_table].row_count else []


def _layer_of(name: str) -> str:
    return next(layer for layer in LAYERS if name in declared_columns(layer))
