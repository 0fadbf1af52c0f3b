"""Chains of nights over one source with known-at: the real SQL from staging to tiers, in one engine a chain."""

import datetime
from collections.abc import Callable
from typing import Any

import pyarrow as pa
from sqlcase import NIGHT, calendar_rows, parameters, source_types

from nightdesk.contract import contract
from nightdesk.engine import Engine
from nightdesk.models import REBUILT, ROLLED, build, declared_columns, history_reads, layer_products, ordered
from nightdesk.policy import register_policy

Row = dict[str, Any]
#: every version of every row of the bank's tables, each with the day from which on the bank knew it
Versions = dict[str, list[tuple[datetime.date, Row]]]
LAYERS = ("features", "warnings", "tiers")
_HISTORIES = sorted({f"features.{name.partition('.')[2]}" for name in history_reads()})


class Past:
    """One chain: of each key a night takes the newest version known by its date; daily facts stay as they came."""

    def __init__(self, versions: Versions, is_supplied: Callable[[str, datetime.date], bool]) -> None:
        self.versions, self.is_supplied = versions, is_supplied
        self.held: dict[str, dict[tuple[Any, ...], Row]] = {}
        self.parent: datetime.date | None = None
        self.engine = Engine(threads=1)
        register_policy(self.engine, datetime.date(2024, 1, 1))
        for name in ("withheld", "rule_source"):
            self.engine.empty(f"night.{name}", NIGHT[name])
        for name, table in contract().items():
            self.engine.empty(f"source.{name}", source_types(name))
            if table.is_daily:
                self.engine.empty(f"source.{name}_superseded", source_types(name))
        for layer in LAYERS:
            for name, columns in declared_columns(layer).items():
                for schema in ("previous", "former", "history"):
                    self.engine.empty(f"{schema}.{name}", columns)

    def night(self, day: datetime.date) -> None:
        """One night: takes what is new in the source, and goes on from the night before where that is possible."""
        engine = self.engine
        engine.parameters = parameters(day, parent_date=self.parent)
        for table in self.versions:
            self._take(table, day)
        self._insert("night.calendar", NIGHT["calendar"], calendar_rows(day))
        given = {name: name in self.versions and self.is_supplied(name, day) for name in contract()}
        supplied = [{"table_name": name, "is_supplied": flag} for name, flag in given.items()]
        engine.insert("night.supplied", NIGHT["supplied"], supplied)
        columns = [
            {"table_name": name, "column_name": column}
            for name, flag in given.items()
            if flag
            for column in {column for _, row in self.versions[name] for column in row}
        ]
        engine.insert("night.supplied_column", NIGHT["supplied_column"], columns)
        self._build(ROLLED if self.parent else REBUILT)
        for layer in LAYERS:
            for table in layer_products(layer):
                name = table.partition(".")[2]
                engine.execute(f"create or replace table previous.{name} as select * from {table}")
        self.parent = day

    def _build(self, structure: frozenset[str]) -> None:
        engine = self.engine
        for table in _HISTORIES:
            name = table.partition(".")[2]
            # what each night saw of a loan goes on where everything else starts anew
            goes_on = structure == ROLLED or name == "loan_day"
            engine.execute(
                f"create or replace table former.{name} as select * from history.{name} where {str(goes_on).lower()}"
            )
        build(engine, _HISTORIES, structure=structure)
        for table in _HISTORIES:
            name = table.partition(".")[2]
            engine.execute(
                f"create or replace table history.{name} as select * from former.{name} union all select * from {table}"
            )
        present = {model.table for model in ordered(_HISTORIES, structure=structure)}
        for layer in LAYERS:
            targets = layer_products(layer)
            build(engine, targets, present, structure)
            present |= {model.table for model in ordered(targets, present, structure)}

    def _take(self, table: str, day: datetime.date) -> None:
        facts = contract()[table]
        held = self.held.setdefault(table, {}) if facts.is_daily else {}
        replaced = []
        for key, row in self._known(table, day).items():
            if facts.is_daily and key in held:
                if {name: value for name, value in held[key].items() if name != "arrived_on"} == row:
                    continue
                replaced.append(held[key])
            held[key] = {**row, "arrived_on": day} if facts.is_daily else row
        self._insert(f"source.{table}", source_types(table), list(held.values()))
        if facts.is_daily:
            self._insert(f"source.{table}_superseded", source_types(table), replaced)

    def _known(self, table: str, day: datetime.date) -> dict[tuple[Any, ...], Row]:
        """The newest version of each key that is known by `day`, and dated by it; nothing while it is not supplied."""
        facts, found = contract()[table], {}
        for known_on, row in self.versions[table] if self.is_supplied(table, day) else ():
            if known_on <= day and (not facts.is_daily or row[str(facts.date_column)] <= day):
                found[tuple(row[name] for name in facts.key)] = row
        return found

    def _insert(self, table: str, columns: dict[str, str], rows: list[Row]) -> None:
        """Like Engine.insert, but by Arrow: a bank has thousands of rows."""
        self.engine.empty(table, columns)
        if rows:
            names = [name for name in columns if any(name in row for row in rows)]
            data = pa.table({name: pa.array([row.get(name) for row in rows]) for name in names})
            self.engine.register_arrow("given.rows", data)
            listed = ", ".join(f'"{name}"' for name in names)
            body = ", ".join(f'cast("{name}" as {columns[name]})' for name in names)
            self.engine.execute(f"insert into {table} ({listed}) select {body} from given.rows")

    def rows(self, table: str, without: frozenset[str] = frozenset()) -> list[str]:
        """A table's rows as comparable text, without some columns."""
        rows = self.engine.rows(f"select * from {table}")
        return sorted(repr({name: value for name, value in row.items() if name not in without}) for row in rows)

    def close(self) -> None:
        """Free the engine."""
        self.engine.close()
