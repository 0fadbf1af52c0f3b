"""What a night's models read from outside sql/: source rows, policy, calendar, and the state of the night before."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from nightdesk.attempt.batches import find, view
from nightdesk.attempt.findings import FINDINGS
from nightdesk.attempt.opening import Night
from nightdesk.attempt.telling import TOLD, tell
from nightdesk.business_day import Calendar
from nightdesk.checks import row_key
from nightdesk.contract import Table, contract
from nightdesk.desk.ledger import feeds_of
from nightdesk.desk.noting import note_calendar
from nightdesk.desk.packs import unpacked
from nightdesk.desk.pins import Pin, chain_pins, pins_of
from nightdesk.engine import Engine
from nightdesk.fingerprint import rolled_tables
from nightdesk.models import (
    ASKED,
    GIVEN_SCHEMAS,
    LAYERS,
    Model,
    build,
    declared_columns,
    layer_products,
    models,
    ordered,
)
from nightdesk.policy import register_policy
from nightdesk.sql_text import literal
from nightdesk.steps import COMPUTED

#: how far the calendar reaches on each side of the business date: a year of history, a year of due dates
_CALENDAR_DAYS = 800
_CALENDAR = {"day": "DATE", "is_workday": "BOOLEAN", "is_provisional": "BOOLEAN", "workday_index": "INTEGER"}
#: schemas whose tables stay what they are while a night is computed
_SAME_ALL_NIGHT = ("policy", "night", "source", "previous")
#: lake tables of which a night reads the batches of all nights before it
_DAILY = ("checks/superseded", *(f"source/{table.name}" for table in contract().values() if table.is_daily))
_SUPERSEDED = {"table_name": "VARCHAR", "row_key": "VARCHAR", "arrived_on": "DATE"}


def source_types(table: Table) -> dict[str, str]:
    """Names and types of a source table in the lake: contract columns, known_at, and for daily facts arrived_on."""
    types = {column.name: column.sql_type for column in table.columns.values()}
    types["known_at"] = "TIMESTAMP"
    if table.is_daily:
        types["arrived_on"] = "DATE"
    return types


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
            self._loose = unpacked(connection, [*self._own.values(), *self._parent.values()])
        self._registered: set[str] = set()
        self._chains: dict[str, dict[str, list[str]]] = {}

    def register(self, to_build: Iterable[Model], layer: str) -> set[str]:
        """Register what `to_build` reads; returns the kept tables of earlier layers, which are present already."""
        reads = {table for model in to_build for table in model.reads}
        present: set[str] = set()
        for table in sorted(reads):
            schema, _, name = table.partition(".")
            if schema in _SAME_ALL_NIGHT and table in self._registered:
                continue
            self._registered.add(table)
            if schema == "policy":
                register_policy(self._engine, self._night.business_date, self._night.profile.name, [name])
            elif schema == "source":
                self.source(name)
            elif schema == "previous":
                layer_of_it = _layer_of(name)
                self.previous(f"{layer_of_it}/{name}", declared_columns(layer_of_it)[name])
            elif schema == "former":
                self.former(name, goes_on=True)
            elif schema == "history":
                self._whole_history(name, layer)
            elif table in TOLD:
                tell(self._engine, table, self._feeds)
            elif table == "night.calendar":
                self._calendar()
            elif schema == "night" and name in FINDINGS:
                self.found(name)
            elif schema not in GIVEN_SCHEMAS and schema != layer and models()[table].is_kept:
                self.kept(f"{schema}/{name}", declared_columns(schema)[name])
                present.add(table)
        return present

    def ask(self, name: str, where: str = "", **values: object) -> list[dict[str, Any]]:
        """Rows of sql/asked/<name>.sql, in the order of their columns; those that meet `where`, if it says something.

        A `name` with its schema (`esg_portfolio.project`) is any model, also one that no night builds. What it reads of
        `night.` that is no part of a night, the caller has made before.
        """
        table = name if "." in name else f"{ASKED}.{name}"
        if not self._engine.exists(table):
            kept = {product for layer in COMPUTED for product in layer_products(layer)}
            build(self._engine, [table], self.register(ordered([table], kept), ASKED))
        return self._engine.rows(f"select * from {table} {where} order by all", **values)

    def source(self, name: str, schema: str = "source") -> None:
        """`source.<name>`: tonight's snapshot, or every version of daily facts that tonight sees.

        Under another schema (`stored`), before tonight's rows are checked in, it is what former nights took.
        """
        if name.endswith("_superseded"):
            self._superseded_tonight(name.removesuffix("_superseded"))
            return
        table = contract()[name]
        lake_table = f"source/{name}"
        if not table.is_daily:
            self._view(f"{schema}.{name}", lake_table, _with_rows(self._own, lake_table), source_types(table))
            return
        is_stored = schema != "source"
        batches = self._before(lake_table) if is_stored else self.chain(lake_table)
        self._view(
            f"{schema}.{name}", lake_table, batches, source_types(table), self._alive(table, is_stored=is_stored)
        )

    def source_before(self, name: str) -> None:
        """`night.<name>_before`: a source's snapshot as the night before used it."""
        lake_table = f"source/{name}"
        types = source_types(contract()[name])
        self._view(f"night.{name}_before", lake_table, _with_rows(self._parent, lake_table), types)

    def chain(self, lake_table: str) -> list[str]:
        """Batches of a lake table along the nights that tonight continues, tonight's own last."""
        return self._chain(self._night.attempt.attempt_id, lake_table)

    def _before(self, lake_table: str) -> list[str]:
        """The same without tonight: a step that runs again must not read what it pinned when it ran before."""
        parent = self._night.attempt.parent_attempt_id
        return self._chain(parent, lake_table) if parent else []

    def _chain(self, attempt_id: str, lake_table: str) -> list[str]:
        """Asked for all daily tables at once: one is hardly ever read alone."""
        known = self._chains.setdefault(attempt_id, {})
        if lake_table not in known:
            wanted = {lake_table, *_DAILY} - known.keys()
            with self._night.desk.connect() as connection:
                known |= chain_pins(connection, attempt_id, sorted(wanted))
        return known[lake_table]

    def _alive(self, table: Table, *, is_stored: bool) -> str:
        """The filter that leaves superseded versions out; nothing where no row was ever corrected."""
        superseded = "night.superseded_before" if is_stored else "night.superseded"
        if not self._engine.exists(superseded):
            batches = self._before("checks/superseded") if is_stored else self.chain("checks/superseded")
            self._view(f"{superseded}_ever", "checks/superseded", batches, _SUPERSEDED)
            self._engine.build(superseded, f"select * from {superseded}_ever", as_view=False)
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
        return f"({key} not in ({keys}) or ({key}, arrived_on) not in ({versions}))"

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
            f"({row_key(table, self._night.profile.zone)}, arrived_on) in "
            f"(select (row_key, arrived_on) from night.superseded_tonight where table_name = '{name}')"
        )
        self._view(target, lake_table, self._before(lake_table), source_types(table), gone)

    def kept(self, lake_table: str, columns: dict[str, str]) -> None:
        """`layer.name`: a table that tonight's attempt has kept already."""
        self._view(lake_table.replace("/", "."), lake_table, _with_rows(self._own, lake_table), columns)

    def previous(self, lake_table: str, columns: dict[str, str]) -> str:
        """`previous.name`: a table that the night before kept; returns the relation.

        What an older night did not record yet is unknown (null), except in a state that is summed on: that has it all.
        """
        target = f"previous.{lake_table.partition('/')[2]}"
        batches = _with_rows(self._parent, lake_table)
        self._view(target, lake_table, batches, columns, is_complete=_is_summed_on(lake_table))
        return target

    def former(self, name: str, *, goes_on: bool) -> None:
        """`former.<name>`: a kept table's batches of the nights that tonight continues; none where it starts anew."""
        table = f"{_layer_of(name)}/{name}"
        batches = self._before(table) if goes_on else []
        columns = declared_columns(_layer_of(name))[name]
        self._view(f"former.{name}", table, batches, columns, is_complete=_is_summed_on(table))

    def found(self, name: str) -> None:
        """`night.<name>`: what tonight's checks found, by a name of FINDINGS."""
        lake_table = f"checks/{name}"
        self._view(f"night.{name}", lake_table, _with_rows(self._own, lake_table), FINDINGS[name])

    def _whole_history(self, name: str, layer: str) -> None:
        """`history.<name>` of a table that tonight has kept; the layer that makes it does so in steps of its own."""
        layer_of_it = _layer_of(name)
        if layer_of_it != layer:
            self.former(name, goes_on=True)
            self.kept(f"{layer_of_it}/{name}", declared_columns(layer_of_it)[name])
            self.history(name)

    def history(self, name: str) -> None:
        """`history.<name>`: the former nights' rows of a kept table, and tonight's, just built."""
        both = f"select * from former.{name} union all select * from {_layer_of(name)}.{name}"
        self._engine.build(f"history.{name}", both, as_view=True)

    def _view(
        self,
        target: str,
        lake_table: str,
        batches: list[str],
        types: dict[str, str],
        where: str = "",
        *,
        is_complete: bool = False,
    ) -> None:
        # histories of many nights are too large to be read against their digests each time
        pins = [pin for pin in (self._own.get(lake_table), self._parent.get(lake_table)) if pin and len(batches) == 1]
        found = find(self._root, self._night.desk, lake_table, batches, pins, loose=self._loose)
        view(self._engine, target, found, types, where, is_complete=is_complete)

    def calendar(self) -> Calendar:
        """The working days of this night: the bank's own days first."""
        self.source("calendar_day")
        rows = self._engine.rows("select day, is_workday, source from source.calendar_day")
        return Calendar.of_bank(self._night.profile.calendar, rows)

    def _calendar(self) -> None:
        calendar = self.calendar()
        reach = datetime.timedelta(days=_CALENDAR_DAYS)
        days = calendar.table(self._night.business_date - reach, self._night.business_date + reach)
        self._engine.insert_arrow("night.calendar", _CALENDAR, pa.table(days))
        if self._night.attempt.status == "running":  # a published night is only read, and has its calendar noted
            note_calendar(self._night.desk, self._night.attempt, calendar.version)


def _with_rows(pins: Mapping[str, Pin], lake_table: str) -> list[str]:
    """The batch of a lake table; none where the step wrote no row of it."""
    return [pins[lake_table].batch_id] if lake_table in pins and pins[lake_table].row_count else []


def _is_summed_on(lake_table: str) -> bool:
    return lake_table.replace("/", ".") in rolled_tables("features")


def _layer_of(name: str) -> str:
    return next(layer for layer in LAYERS if name in declared_columns(layer))
