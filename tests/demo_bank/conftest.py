"""One demo bank for the session: 300 clients and 51 projects in a SQLite file, and what it was made of."""

import csv
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from made_once import made_once

from nightdesk_lab.demo_bank import Summary, generate

UNTIL = date(2026, 3, 31)
#: the bank as one asks for it: money of clients, limits used, instalments as last known
_VIEWS = (
    "create temp table flow as select a.client_id, t.* from txn t join (select distinct account_id, client_id,"
    " kind, ccy from account) a using (account_id) where a.kind = 'settlement' and a.ccy = 'CNY'",
    "create index temp.flow_client on flow (client_id)",
    "create temp table inflow as select client_id, substr(booked_on, 1, 7) as month, sum(amount) as amount from flow"
    " where direction = 'C' and purpose in ('other', 'payroll') and reverses_txn_id is null"
    " and counterparty_kind <> 'related' group by 1, 2",
    "create temp table used as select client_id, business_date as day, outstanding_amt * 1.0 / d.limit_amt as share"
    " from loan_daily d join (select distinct loan_id, client_id from loan where is_revolving) using (loan_id)",
    "create index temp.used_client on used (client_id)",
    "create temp table owed as select client_id, repay_account_id, i.* from (select *, row_number() over (partition by"
    " loan_id, due_date, kind order by known_at desc) as n from instalment) i join (select distinct loan_id, client_id,"
    " repay_account_id from loan) using (loan_id) where n = 1",
    "create index temp.owed_client on owed (client_id)",
)


@dataclass(frozen=True)
class Bank:
    """A generated bank, opened."""

    db: sqlite3.Connection
    truth: dict[str, Any]
    summary: Summary

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return self.db.execute(statement, values).fetchall()

    def value(self, statement: str, *values: object) -> Any:
        """The only value of a query."""
        ((value,),) = self.rows(statement, *values)
        return value

    def clients_of(self, *stories: str) -> list[str]:
        """Clients that live one of these stories."""
        return [record["client_id"] for record in self.stories if record["story"] in stories]

    @property
    def stories(self) -> list[dict[str, str]]:
        """The rows of the truth file."""
        return self.truth["stories"]

    def dirt(self, rule: str, table: str = "txn") -> set[str]:
        """Row keys of a table that are dirty in this way."""
        return {item["row_key"] for item in self.truth["dirt"] if item["table"] == table and item["rule"] == rule}


@pytest.fixture(scope="session")
def bank(shared: Path) -> Iterator[Bank]:
    """600 clients, twelve branches, 24 months up to 2026-03-31."""
    summary = made_once(shared, "demo_bank", _made)
    folder = shared / "demo_bank"
    connection = sqlite3.connect(folder / "bank.db")
    for statement in _VIEWS:
        connection.execute(statement)
    with (folder / "truth.csv").open(encoding="utf-8") as file_of_stories:
        stories = list(csv.DictReader(file_of_stories))
    dirt = json.loads((folder / "dirt.json").read_text(encoding="utf-8"))
    yield Bank(connection, {"stories": stories, **dirt}, summary)
    connection.close()


def _made(folder: Path) -> Summary:
    summary = generate(
        f"sqlite:///{folder / 'bank.db'}",
        clients=600,
        until=UNTIL,
        seed=3,
        truth=folder / "truth.csv",
        dirt_file=folder / "dirt.json",
        projects=51,
        txn_per_client=130,
    )
    connection = sqlite3.connect(folder / "bank.db")
    for table, column in (
        ("txn", "loan_id"),
        ("txn", "account_id"),
        ("txn", "txn_id"),
        ("balance", "account_id"),
        ("loan_daily", "loan_id"),
        ("instalment", "loan_id"),
    ):
        connection.execute(f"create index {table}_{column} on {table} ({column})")
    connection.commit()
    connection.close()
    return summary
