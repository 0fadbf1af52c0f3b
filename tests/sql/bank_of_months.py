"""A bank whose clients' deposits are given month by month, run night by night through the real SQL of the tiers."""

import datetime
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
from sqlcase import parameters, prepare, source_types

from nightdesk.engine import Engine
from nightdesk.models import build, declared_columns

#: deposits that qualify for a tier by the floors of the baseline policy, and for no higher one
DEPOSITS = {"strategic": 150_000_000, "core": 40_000_000, "important": 8_000_000, "standard": 1_000_000}
_KEPT = ("client_tier", "client_metric")
FIRST_MONTH = datetime.date(2024, 1, 1)
MONTHS = 36


def month_after(month: datetime.date, by: int = 1) -> datetime.date:
    """The first day of the month `by` months later."""
    index = month.year * 12 + month.month - 1 + by
    return datetime.date(index // 12, index % 12 + 1, 1)


def days_of(month: datetime.date) -> int:
    """Calendar days of a month."""
    return (month_after(month) - month).days


@dataclass
class Client:
    """What a client looks like: the tier its deposits reach each month, and what else the machine reads."""

    client_id: str
    wanted: dict[datetime.date, str]
    onboard_date: datetime.date = FIRST_MONTH
    sustained: dict[datetime.date, int] = field(default_factory=dict)
    red_nights: set[datetime.date] = field(default_factory=set)
    overrides: list[dict[str, Any]] = field(default_factory=list)


class Bank:
    """Runs nights and keeps what one night hands to the next."""

    def __init__(self) -> None:
        self.clients: list[Client] = []
        day = datetime.date(2025, 1, 1)
        self.engine = Engine(parameters(day), threads=1)
        prepare(self.engine, {}, day, [])
        self.engine.execute("create or replace table night.calendar as " + _WEEKDAYS)
        self.kept: dict[str, list[dict[str, Any]]] = {}

    def open(self, clients: list[Client]) -> None:
        """Begin anew with these clients: no night has been run."""
        self.clients = clients
        self.kept = {name: [] for name in _KEPT}

    def close(self) -> None:
        """Free the engine."""
        self.engine.close()

    def night(self, day: datetime.date) -> dict[str, dict[str, Any]]:
        """The client_tier rows of one night, by client."""
        self.engine.parameters |= {"business_date": day, "morning": day + datetime.timedelta(days=1)}
        for name, columns in declared_columns("tiers").items():
            self._table(f"previous.{name}", columns, self.kept.get(name, []))
        present = self._facts(day)
        build(self.engine, [f"tiers.{name}" for name in _KEPT], present)
        self.kept = {name: self.engine.rows(f"select * from tiers.{name}") for name in self.kept}
        return {row["client_id"]: row for row in self.kept["client_tier"]}

    def _facts(self, day: datetime.date) -> set[str]:
        here = [client for client in self.clients if client.onboard_date <= day]
        running = day.replace(day=1)
        held = [month_after(FIRST_MONTH, n) for n in range(MONTHS) if month_after(FIRST_MONTH, n) < running][-14:]
        features: dict[str, list[dict[str, Any]]] = {
            name: [] for name in ("client_month", "client_span", "client_exposure", "loan_state")
        }
        features["client_balance_month"] = [
            {
                "client_id": client.client_id,
                "month": month,
                "balance_days_sum": DEPOSITS[client.wanted.get(month, "standard")] * days_of(month),
                "day_count": days_of(month),
                "month_end_amt": DEPOSITS[client.wanted.get(month, "standard")],
                "is_full": True,
            }
            for client in here
            for month in held
            if client.onboard_date <= month
        ]
        features["client_profit_month"] = [
            {"client_id": client.client_id, "month": month, "contribution_amt": 1, "is_estimated": True}
            for client in here
            for month in held
        ]
        features["client_balance"] = [
            {
                "client_id": client.client_id,
                "known_from": FIRST_MONTH,
                "avg_30d_amt": client.sustained.get(running, 10**9),
                "avg_90d_amt": client.sustained.get(running, 10**9),
            }
            for client in here
        ]
        for name, rows in features.items():
            self._table(f"features.{name}", declared_columns("features")[name], rows)
        self._table(
            "warnings.warning",
            declared_columns("warnings")["warning"],
            [
                {"client_id": client.client_id, "colour": "red" if day in client.red_nights else "green"}
                for client in here
            ],
        )
        self._source(
            "client",
            [
                {
                    "client_id": client.client_id,
                    "branch_id": "B1",
                    "name": client.client_id,
                    "is_natural_person": False,
                    "segment": "large",
                    "onboard_date": client.onboard_date,
                }
                for client in here
            ],
        )
        self._source(
            "account",
            [
                {
                    "account_id": f"A-{client.client_id}",
                    "client_id": client.client_id,
                    "kind": "settlement",
                    "opened_on": client.onboard_date,
                }
                for client in here
            ],
        )
        self._source(
            "override",
            [
                {"override_id": f"O-{client.client_id}-{n}", "client_id": client.client_id, **override}
                for client in here
                for n, override in enumerate(client.overrides)
            ],
        )
        return {"warnings.warning", *(f"features.{name}" for name in features)}

    def _source(self, name: str, rows: list[dict[str, Any]]) -> None:
        self._table(f"source.{name}", source_types(name), rows)

    def _table(self, table: str, columns: dict[str, str], rows: list[dict[str, Any]]) -> None:
        """Like Engine.insert, but by Arrow: an example makes thousands of rows."""
        self.engine.empty(table, columns)
        if rows:
            names = sorted({name for row in rows for name in row})
            data = pa.table({name: pa.array([row.get(name) for row in rows]) for name in names})
            self.engine.register_arrow("given.rows", data)
            listed = ", ".join(f'"{name}"' for name in names)
            body = ", ".join(f'cast("{name}" as {columns[name]})' for name in names)
            self.engine.execute(f"insert into {table} ({listed}) select {body} from given.rows")


_WEEKDAYS = """
select
    cast(day as date) as day,
    isodow(day) < 6 as is_workday,
    false as is_provisional,
    cast(sum(case when isodow(day) < 6 then 1 else 0 end) over (order by day) as integer) as workday_index
from range(date '2024-01-01', date '2027-12-31', interval 1 day) as days (day)
"""
