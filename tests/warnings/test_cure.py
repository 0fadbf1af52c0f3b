"""What is forecast for the quarter's last day is what the night of that day finds, with and without the cure paid."""

import datetime
import random
from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest
from sqlcase import parameters, prepare

from nightdesk.engine import Engine
from nightdesk.models import ordered

DAY = datetime.timedelta(days=1)
END = datetime.date(2026, 6, 30)
TABLES = ["client", "loan", "instalment", "payment", "forbearance", "bureau"]
RANK = {"normal": 0, "special_mention": 1, "substandard": 2, "doubtful": 3, "loss": 4}
Row = dict[str, Any]
Bank = dict[str, list[Row]]


def month_day(day: datetime.date, months: int, on: int) -> datetime.date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return datetime.date(year, month + 1, on)


def random_bank(pick: random.Random, today: datetime.date) -> Bank:
    """Clients with one to three loans of all sorts: paid, late, called, matured, restructured, bad before."""
    bank: Bank = {name: [] for name in TABLES}
    for number in range(60):
        client = f"C{number:02d}"
        bank["client"].append(
            {"client_id": client, "name": client, "is_natural_person": number % 2 == 0, "branch_id": "B"}
        )
        for slot in range(pick.randint(1, 3)):
            random_loan(pick, bank, today, client, f"L{number:02d}{slot}")
    return bank


def random_loan(pick: random.Random, bank: Bank, today: datetime.date, client: str, loan: str) -> None:
    on, stops = pick.randint(1, 28), pick.choice([99, 99, pick.randint(-14, 2)])
    late_at, late_by = pick.choice([(99, 0), (99, 0), (pick.randint(-14, -4), pick.choice([3, 40, 91, 120]))])
    bank["loan"].append(
        {
            "loan_id": loan,
            "client_id": client,
            "product": "term",
            "outstanding_amt": Decimal(pick.choice([500, 3000, 9000])),
            "start_date": today - 900 * DAY,
            "maturity_date": pick.choice([today + 900 * DAY, today + pick.randint(-60, 80) * DAY, today + 900 * DAY]),
            "asset_class": pick.choice(["normal", "normal", "special_mention", "substandard"]),
            "accelerated_on": pick.choice([None] * 6 + [today - pick.randint(0, 120) * DAY]),
            "status": "active",
        }
    )
    if pick.random() < 0.25:
        bank["forbearance"].append({"loan_id": loan, "granted_on": today - pick.randint(20, 500) * DAY})
    for month in range(-14, 6):
        due = month_day(today, month, on)
        for kind, amount in (("principal", Decimal("100.00")), ("interest", Decimal("7.31"))):
            technical = "clearing" if pick.random() < 0.03 else None
            key = {"loan_id": loan, "due_date": due, "kind": kind}
            bank["instalment"].append({**key, "due_amt": amount, "technical_reason": technical})
            paid_on = due + late_by * DAY if month == late_at else due
            if month < stops and paid_on <= today:
                bank["payment"].append({**key, "paid_on": paid_on, "amount": amount})


def night(bank: Bank, day: datetime.date, *tables: str) -> dict[str, dict[str, Row]]:
    """The rows of kept tables of one night, by loan."""
    given = {f"source.{name}": rows for name, rows in bank.items()}
    chain = ordered(tables)
    with Engine(parameters(day), threads=1) as engine:
        prepare(engine, given, day, TABLES, {name for model in chain for name in model.reads})
        for model in chain:
            engine.build(model.table, model.sql, as_view=model.is_view, columns=model.columns)
        return {name: {row["loan_id"]: row for row in engine.rows(f"select * from {name}")} for name in tables}


def open_parts(bank: Bank, cure: Row) -> list[tuple[Row, Decimal]]:
    """What is unpaid of the dates that a cure pays."""
    paid: dict[tuple[Any, ...], Decimal] = {}
    for row in bank["payment"]:
        key = (row["loan_id"], row["due_date"], row["kind"])
        paid[key] = paid.get(key, Decimal(0)) + row["amount"]
    found = []
    for row in bank["instalment"]:
        rest = row["due_amt"] - paid.get((row["loan_id"], row["due_date"], row["kind"]), Decimal(0))
        excused = row["technical_reason"] and row["due_date"] >= END - 7 * DAY
        if row["loan_id"] == cure["loan_id"] and rest > 0 and row["due_date"] <= cure["last_due_on"] and not excused:
            found.append((row, rest))
    return found


def pay(bank: Bank, cure: Row, short: Decimal = Decimal(0)) -> Decimal:
    """Pay a cure on its day, `short` of its first part; returns what was paid."""
    parts = open_parts(bank, cure)
    loan = next(row for row in bank["loan"] if row["loan_id"] == cure["loan_id"])
    full_on = min(day for day in (loan["accelerated_on"], loan["maturity_date"]) if day)
    total = sum((rest for _, rest in parts), Decimal(0))
    if full_on <= cure["last_due_on"]:  # the balance, of which principal is a part
        principal = sum((rest for row, rest in parts if row["kind"] == "principal"), Decimal(0))
        total += max(loan["outstanding_amt"] - principal, Decimal(0))
        loan["outstanding_amt"] = short
        parts += [(row, row["due_amt"]) for row in bank["instalment"] if row["loan_id"] == cure["loan_id"]
                  and row["kind"] == "principal" and row["due_date"] > cure["last_due_on"]]  # fmt: skip
        short = Decimal(0)
    else:
        principal = sum((rest for row, rest in parts if row["kind"] == "principal"), Decimal(0))
        loan["outstanding_amt"] = max(loan["outstanding_amt"] - principal, Decimal(0))
    for row, rest in parts:
        key = {name: row[name] for name in ("loan_id", "due_date", "kind")}
        bank["payment"].append({**key, "paid_on": cure["cure_by"], "amount": rest - short})
        short = Decimal(0)
    return total


@pytest.mark.parametrize(
    ("seed", "today"),
    [(1, datetime.date(2026, 5, 15)), (2, datetime.date(2026, 4, 1)), (3, datetime.date(2026, 6, 28))],
)
def test_given_loans_of_all_sorts_when_the_quarter_ends_then_each_is_as_forecast_and_each_cure_is_worth_its_money(
    seed: int, today: datetime.date
) -> None:
    bank = random_bank(random.Random(seed), today)
    forecast = night(bank, today, "warnings.loan_forecast")["warnings.loan_forecast"]
    unpaid = night(bank, END, "warnings.loan_floor")["warnings.loan_floor"]
    assert {loan: (row["forecast_rank"], row["forecast_reason"]) for loan, row in forecast.items()} == {
        loan: (row["floor_rank"], row["floor_reason"]) for loan, row in unpaid.items()
    }

    cures = [row for row in forecast.values() if row["first_due_on"] is not None]
    assert len(cures) > 20
    assert all(today < row["cure_by"] <= END for row in cures)
    cured = deepcopy(bank)
    assert [pay(cured, row) for row in cures] == [row["cure_amt"] for row in cures]
    after = night(cured, END, "warnings.loan_floor")["warnings.loan_floor"]
    told = [row for row in forecast.values() if row["cure_amt"] is not None]
    assert {row["loan_id"]: after[row["loan_id"]]["floor_class"] for row in told} == {
        row["loan_id"]: row["cured_class"] for row in told
    }
    assert all(RANK[row["cured_class"]] < row["forecast_rank"] for row in told)

    nearly = deepcopy(bank)
    for row in cures:
        pay(nearly, row, short=Decimal(1))
    short = night(nearly, END, "warnings.loan_floor")["warnings.loan_floor"]
    assert [row["loan_id"] for row in cures if short[row["loan_id"]]["floor_rank"] < row["forecast_rank"]] == []
