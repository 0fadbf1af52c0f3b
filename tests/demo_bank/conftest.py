"""One demo bank for the session: 150 clients in a SQLite file, and what its truth file says."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from nightdesk_lab.demo_bank import Summary, generate

UNTIL = date(2026, 3, 31)


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
        return [record["client_id"] for record in self.truth["stories"] if record["story"] in stories]

    def dirt(self, rule: str, table: str = "txn") -> set[str]:
        """Row keys of a table that are dirty in this way."""
        return {item["row_key"] for item in self.truth["dirt"] if item["table"] == table and item["rule"] == rule}


@pytest.fixture(scope="session")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    """150 clients, twelve branches, fourteen months up to 2026-03-31."""
    folder: Path = tmp_path_factory.mktemp("demo-bank")
    file, truth = folder / "bank.db", folder / "truth.json"
    summary = generate(
        f"sqlite:///{file}", clients=150, until=UNTIL, seed=3, truth=truth, projects=12, txn_per_client=90
    )
    connection = sqlite3.connect(file)
    for table, column in (("txn", "loan_id"), ("txn", "account_id"), ("txn", "txn_id"), ("balance", "account_id")):
        connection.execute(f"create index {table}_{column} on {table} ({column})")
    yield Bank(connection, json.loads(truth.read_text(encoding="utf-8")), summary)
    connection.close()
