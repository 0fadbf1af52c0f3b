"""A small bank whose nights follow one another through the real SQL of the features, facts by facts, night by night."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from sqlcase import NIGHT, calendar_rows, parameters, source_types

from nightdesk.contract import contract
from nightdesk.engine import Engine
from nightdesk.models import REBUILT, ROLLED, build, declared_columns, ordered
from nightdesk.policy import register_policy

Row = dict[str, Any]
#: kept tables that a later night continues
STATE = (
    "account_balance",
    "account_mapping",
    "account_overdraft_month",
    "balance_state",
    "client_balance_month",
    "client_flow_day",
    "client_mapping",
    "client_month",
    "client_party",
    "client_span",
    "client_window",
)
HISTORIES = ("balance_move", "client_day")
RESULTS = (*STATE, "client_balance")
Stand = tuple[dict[str, list[Row]], dict[str, list[Row]], datetime.date | None]
FAR = datetime.date(2026, 3, 1)


def without_arrival(row: Row) -> Row:
    return {name: value for name, value in row.items() if name != "arrived_on"}


class Chain:
    """Runs nights; `facts` holds every version of the daily rows with the night that brought it.

    A version is replaced when a later night brings the same key again.
    """

    def __init__(self, clients: list[Row], accounts: list[Row], *, is_given: bool) -> None:
        self.clients, self.accounts, self.is_given = clients, accounts, is_given
        self.facts: dict[str, list[Row]] = {"txn": [], "balance": [], "fx_rate": []}
        self.kept: dict[str, list[Row]] = {}
        self.parent: datetime.date | None = None
        self.engine = Engine(threads=1)
        self._prepare()

    def close(self) -> None:
        self.engine.close()

    def _prepare(self) -> None:
        engine = self.engine
        register_policy(engine, FAR)
        for name in contract():
            engine.empty(f"source.{name}", source_types(name))
        engine.insert("night.calendar", NIGHT["calendar"], calendar_rows(FAR))
        engine.insert(
            "night.supplied",
            NIGHT["supplied"],
            [{"table_name": name, "is_supplied": name != "balance" or self.is_given} for name in contract()],
        )
        engine.empty("night.withheld", NIGHT["withheld"])
        engine.insert(
            "night.supplied_column",
            NIGHT["supplied_column"],
            [{"table_name": name, "column_name": column} for name in contract() for column in contract()[name].columns],
        )
        for name, columns in declared_columns("features").items():
            for schema in ("previous", "former", "history"):
                engine.empty(f"{schema}.{name}", columns)

    def _key(self, table: str, row: Row) -> tuple[Any, ...]:
        return tuple(row[name] for name in contract()[table].key)

    def stand(self) -> Stand:
        """What a later night goes on from."""
        return {name: list(rows) for name, rows in self.facts.items()}, dict(self.kept), self.parent

    def go_back(self, stand: Stand) -> None:
        """Let the next night go on from what stood then."""
        facts, kept, self.parent = stand
        self.facts, self.kept = {name: list(rows) for name, rows in facts.items()}, dict(kept)

    def night(
        self,
        day: datetime.date,
        new: Mapping[str, Iterable[Row]],
        structure: frozenset[str] = ROLLED,
        taken_back: Mapping[str, Iterable[Row]] | None = None,
    ) -> None:
        """One night that takes `new` rows, without those `taken_back`; the first is always rebuilt."""
        before = {table: list(held) for table, held in self.facts.items()}
        for table, rows in (taken_back or {}).items():
            gone = {self._key(table, row) for row in rows}
            self.facts[table] = [row for row in self.facts[table] if self._key(table, row) not in gone]
        for table, held in self.facts.items():
            # what is offered again as it is held is no news
            old = [without_arrival(row) for row in held]
            rows = [{**row, "arrived_on": day} for row in new.get(table, []) if without_arrival(row) not in old]
            keys = {self._key(table, row) for row in rows}
            keys |= {self._key(table, row) for row in (taken_back or {}).get(table, [])}
            replaced = [row for row in before[table] if self._key(table, row) in keys]
            self.facts[table] = [row for row in held if self._key(table, row) not in keys] + rows
            self._insert(f"source.{table}", source_types(table), self.facts[table])
            self._insert(f"source.{table}_superseded", source_types(table), replaced)
        self._insert("source.client", source_types("client"), self.clients)
        self._insert("source.account", source_types("account"), self.accounts)
        for name in STATE:
            self._insert(f"previous.{name}", declared_columns("features")[name], self.kept.get(name, []))
        self.engine.parameters = parameters(day, parent_date=self.parent)
        if not self.parent:
            structure = REBUILT
        for name in HISTORIES:
            columns = declared_columns("features")[name]
            self._insert(f"former.{name}", columns, self.kept.get(name, []) if structure == ROLLED else [])
        days = [f"features.{name}" for name in HISTORIES]
        build(self.engine, days, structure=structure)
        made = [model.table for model in ordered(days, structure=structure)]
        for name in HISTORIES:
            self.engine.execute(
                f"create or replace table history.{name} as "
                f"select * from former.{name} union all select * from features.{name}"
            )
        build(self.engine, [f"features.{name}" for name in RESULTS], made, structure)
        for name in RESULTS:
            self.kept[name] = self.rows(name)
        for name in HISTORIES:
            self.kept[name] = self.engine.rows(f"select * from history.{name}")
        self.parent = day

    def _insert(self, table: str, columns: dict[str, str], rows: list[Row]) -> None:
        self.engine.insert(table, columns, rows)

    def rows(self, name: str) -> list[Row]:
        return self.engine.rows(f"select * from features.{name} order by all")

    def rebuilt(self, day: datetime.date) -> dict[str, list[Row]]:
        """What a night says that reads everything anew, without any night before it."""
        fresh = Chain(self.clients, self.accounts, is_given=self.is_given)
        try:
            fresh.night(day, self.facts)
            return fresh.kept
        finally:
            fresh.close()
