"""A small bank whose nights follow one another through the real SQL of the features, facts by facts, night by night."""

import datetime
from collections.abc import Iterable
from typing import Any

from sqlcase import NIGHT, calendar_rows, parameters, source_types

from nightdesk.contract import contract
from nightdesk.engine import Engine
from nightdesk.models import REBUILT, ROLLED, build, declared_columns
from nightdesk.policy import register_policy

Row = dict[str, Any]
#: kept tables that a later night continues
STATE = (
    "account_balance",
    "account_mapping",
    "account_overdraft_month",
    "balance_state",
    "client_balance_month",
    "client_month",
    "client_span",
    "client_window",
)
HISTORIES = ("balance_move", "client_day")
RESULTS = (*STATE, "client_balance")
FAR = datetime.date(2026, 3, 1)


class Chain:
    """Runs nights; `facts` holds every version of the daily rows with the night that brought it.

    A version is replaced when a later night brings the same key again.
    """

    def __init__(self, clients: list[Row], accounts: list[Row], *, is_given: bool) -> None:
        self.clients, self.accounts, self.is_given = clients, accounts, is_given
        self.facts: dict[str, list[Row]] = {"txn": [], "balance": [], "fx_rate": []}
        self.kept: dict[str, list[Row]] = {}
        self.parent: datetime.date | None = None
        self.engine = Engine()
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
        for name, columns in declared_columns("features").items():
            for schema in ("previous", "former", "history"):
                engine.empty(f"{schema}.{name}", columns)

    def _key(self, table: str, row: Row) -> tuple[Any, ...]:
        return tuple(row[name] for name in contract()[table].key)

    def night(self, day: datetime.date, new: dict[str, Iterable[Row]], structure: frozenset[str] = ROLLED) -> None:
        """One night that takes `new` rows; the first is always rebuilt."""
        structure = structure if self.parent else REBUILT
        for table, held in self.facts.items():
            rows = [{**row, "arrived_on": day} for row in new.get(table, [])]
            keys = {self._key(table, row) for row in rows}
            replaced = [row for row in held if self._key(table, row) in keys]
            self.facts[table] = [row for row in held if self._key(table, row) not in keys] + rows
            self._insert(f"source.{table}", source_types(table), self.facts[table])
            self._insert(f"source.{table}_superseded", source_types(table), replaced)
        self._insert("source.client", source_types("client"), self.clients)
        self._insert("source.account", source_types("account"), self.accounts)
        for name in (*STATE, *HISTORIES):
            columns = declared_columns("features")[name]
            self._insert(f"previous.{name}", columns, self.kept.get(name, []) if name in STATE else [])
            is_history = name in HISTORIES and structure == ROLLED
            self._insert(f"former.{name}", columns, self.kept.get(name, []) if is_history else [])
        self.engine.parameters = parameters(day, parent_date=self.parent)
        made = ["features.account_mapping"]
        build(self.engine, made, (), structure)
        days = [f"features.{name}" for name in HISTORIES]
        build(self.engine, days, made, structure)
        for name in HISTORIES:
            self.engine.execute(
                f"create or replace table history.{name} as "
                f"select * from former.{name} union all select * from features.{name}"
            )
        build(self.engine, [f"features.{name}" for name in RESULTS], [*made, *days], structure)
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
