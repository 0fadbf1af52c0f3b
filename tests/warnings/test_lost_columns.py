"""What the source gave last night and does not give tonight is never good news: nobody is better, green or cleared.

Each optional column that a warning rests on is lost from one night to the next: the column is gone, or its cells can no
longer be read. What a source never gave is another matter, and stands in test_missing_columns.py.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from full_bank import D, full_bank
from sqlcase import parameters, prepare

from nightdesk.checks.withholding import COLUMN_GONE, UNREADABLE
from nightdesk.contract import contract
from nightdesk.engine import Engine
from nightdesk.judged import FLOOR, floor_columns
from nightdesk.models import Model, ordered
from nightdesk.sql_text import literal

HISTORIES = ("balance_move", "client_day", "loan_day")
KEPT = ("signal", "suspended", "warning")
pytestmark = [pytest.mark.slow, pytest.mark.long]


def _plan() -> list[Model]:
    """The models of the warnings, the histories' own first."""
    first = ordered([f"features.{name}" for name in HISTORIES])
    wanted = ordered(["warnings.cleared", *(f"warnings.{name}" for name in KEPT)])
    return first + [model for model in wanted if model not in first]


PLAN = _plan()


def _reads(model: Model) -> set[str]:
    return {re.sub(r"^(history|former)\.", "features.", table) for table in model.reads}


def _after(changed: set[str]) -> list[Model]:
    found, changed = [], set(changed)
    for model in PLAN:
        if _reads(model) & changed:
            found.append(model)
            changed.add(model.table)
    return found


def _columns_read(table: str) -> list[str]:
    """The optional columns of a table that a model behind the warnings names."""
    text = " ".join(re.sub(r"--[^\n]*", "", model.sql) for model in _after({f"source.{table}"}))
    words = set(re.findall(r"[a-z_0-9]+", text))
    return [c.name for c in contract()[table].columns.values() if not c.is_required and c.name in words]


TOKENS = [f"{table}.{column}" for table in contract() for column in _columns_read(table)]
LOST = [(COLUMN_GONE, token) for token in TOKENS]
# of the other rules it is known by their readings; the floor has none
LOST += [
    (UNREADABLE, token)
    for token in TOKENS
    if token.partition(".")[2] in floor_columns().get(token.partition(".")[0], ())
]


@dataclass
class Chain:
    """Two nights of one bank, the second built anew for each thing lost and taken back."""

    engine: Engine
    digests: dict[str, Any]
    warnings: dict[str, dict[str, Any]]

    def tonight_without(self, reason: str, token: str) -> tuple[dict[str, dict[str, Any]], list[dict[str, Any]]]:
        """The warnings by client, and the signals that cleared, data quality apart."""
        self.engine.execute("begin transaction")
        try:
            self._lose(reason, *token.split("."))
            changed = {f"source.{token.partition('.')[0]}", "night.supplied_column", "night.withheld"}
            for model in PLAN:
                if not _reads(model) & changed:
                    continue
                build(self.engine, model)
                if digest(self.engine, model.table) != self.digests[model.table]:
                    changed.add(model.table)
            return by_client(self.engine), self.engine.rows(
                "select * from warnings.cleared where indicator not like 'Q%'"
            )
        finally:
            self.engine.execute("rollback")

    def _lose(self, reason: str, table: str, column: str) -> None:
        self.engine.execute(f'update source.{table} set "{column}" = null')
        named = f"{literal(D)} as business_date, {literal(table)} as table_name, {literal(column)} as column_name"
        named = f"insert into night.withheld by name select {named}, {literal(reason)} as reason, {literal(D)} as since"
        if reason == COLUMN_GONE:
            self.engine.execute(
                f"delete from night.supplied_column where table_name = '{table}' and column_name = '{column}'"
            )
            self.engine.execute(named)
        else:  # a cell of everybody's
            self.engine.execute(f"{named}, client_id as row_key, client_id from source.client")


def build(engine: Engine, model: Model) -> None:
    engine.build(model.table, model.sql, as_view=model.is_view, columns=model.columns)


def digest(engine: Engine, table: str) -> Any:
    return engine.execute(f"select count(*), sum(hash(x)) from {table} as x").fetchone()


def by_client(engine: Engine) -> dict[str, dict[str, Any]]:
    return {row["client_id"]: row for row in engine.rows("select * from warnings.warning")}


@pytest.fixture(scope="module")
def chain() -> Iterator[Chain]:
    bank = full_bank()
    with Engine(parameters(D), threads=1) as engine:
        prepare(engine, {f"source.{name}": rows for name, rows in bank.items()}, D, list(bank))
        for number, model in enumerate(PLAN):
            build(engine, model)
            if number + 1 == len(ordered([f"features.{name}" for name in HISTORIES])):
                for name in HISTORIES:
                    engine.execute(f"drop table history.{name}")
                    engine.execute(f"create view history.{name} as select * from features.{name}")
        # the night before found the same
        for name in KEPT:
            engine.execute(
                f"create or replace table previous.{name} as"
                f" select * replace (business_date - 1 as business_date) from warnings.{name}"
            )
        for model in _after({f"previous.{name}" for name in KEPT}):
            build(engine, model)
        digests = {model.table: digest(engine, model.table) for model in PLAN}
        yield Chain(engine, digests, by_client(engine))


def test_given_the_bank_then_clients_of_every_colour_stand_as_they_stood_and_the_floor_alone_makes_one_red(
    chain: Chain,
) -> None:
    assert {row["change"] for row in chain.warnings.values()} == {"same"}
    assert {row["colour"] for row in chain.warnings.values()} >= {"red", "orange", "amber", "green", "not_assessed"}
    fired: dict[str, set[str]] = {}
    for row in chain.engine.rows("select client_id, indicator from warnings.signal where indicator not like 'Q%'"):
        fired.setdefault(row["client_id"], set()).add(row["indicator"])
    reasons = {client: chain.warnings[client]["floor_reason"] for client in ("BOOKED", "AGAIN")}
    assert reasons == {"BOOKED": "contagion", "AGAIN": "restructured_again"}
    assert {chain.warnings[client]["colour"] for client in reasons} == {"red"}
    assert "BOOKED" not in fired
    assert fired["AGAIN"] == {"P06", "P07"}, "and of these P07 says what the floor says"


@pytest.mark.parametrize(("reason", "token"), LOST)
def test_given_a_column_that_is_lost_tonight_then_nobody_is_better_or_turns_green_and_no_signal_clears(
    chain: Chain, reason: str, token: str
) -> None:
    found, cleared = chain.tonight_without(reason, token)
    good_news = [
        f"{client}: {before['colour']} became {after['colour']}, {after['change']}"
        for client, before in chain.warnings.items()
        if (after := found[client])["change"] == "better"
        or (after["colour"] == "green" and before["colour"] != "green")
    ]
    good_news += [f"{row['client_id']}: {row['indicator']} {row['reason_case']}" for row in cleared]
    assert not good_news, f"{reason} {token}:\n" + "\n".join(good_news)


@pytest.mark.parametrize(
    ("client", "token"),
    [
        ("BOOKED", "loan.asset_class"),
        ("AGAIN", "loan.forborne_on"),
        ("AGAIN", "forbearance.probation_until"),
        ("FALL", "bureau.overdue_90_amt"),
    ],
)
@pytest.mark.parametrize("reason", [COLUMN_GONE, UNREADABLE])
def test_given_what_a_floor_rested_on_is_lost_then_its_client_is_not_assessed_or_no_better_and_it_is_named(
    chain: Chain, reason: str, client: str, token: str
) -> None:
    found, _ = chain.tonight_without(reason, token)
    assert chain.warnings[client]["colour"] == "red"
    after = found[client]
    assert after["change"] == "same"
    # what else of them fires stands
    assert after["colour"] == {"FALL": "red", "AGAIN": "amber"}.get(client, "not_assessed")
    assert after["floor_class"] != "normal"
    assert FLOOR in after["not_assessed"].split(",")
    assert (token in (after["not_supplied"] or "").split(",")) == (reason == COLUMN_GONE)
    may_owe = reason == UNREADABLE and token.startswith("loan.")  # of a loan row that cannot be read nobody knows whose
    assert found["AWAY"]["colour"] == ("not_assessed" if may_owe else "no_credit"), "without a loan no floor is lost"
