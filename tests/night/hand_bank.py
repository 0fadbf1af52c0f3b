"""A bank of ten clients, made by hand: small enough that every figure can be worked out on paper."""

import datetime
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

D = datetime.date(2026, 3, 31)  # a Tuesday; the morning after is a workday
Rows = list[dict[str, Any]]
Bank = dict[str, Rows]


def write_sqlite(bank: Bank, path: Path) -> str:
    """Write the tables as they are into a new SQLite file; returns its URL."""
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    for table, rows in bank.items():
        names = list(dict.fromkeys(name for row in rows for name in row))
        columns = ", ".join(f'"{name}"' for name in names)
        connection.execute(f'create table "{table}" ({columns})')
        marks = ", ".join("?" for _ in names)
        connection.executemany(
            f'insert into "{table}" values ({marks})',
            [[_plain(row.get(name)) for name in names] for row in rows],
        )
    connection.commit()
    connection.close()
    return f"sqlite:///{path}"


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime.date) else value


def days_back(n: int) -> datetime.date:
    return D - datetime.timedelta(days=n)


def months_back() -> Iterator[datetime.date]:
    """The 10th of each of the sixteen months that end with D's."""
    for back in range(15, -1, -1):
        year, month = divmod(D.year * 12 + D.month - 1 - back, 12)
        yield datetime.date(year, month + 1, 10)


def ten_clients() -> Bank:
    """Two branches, two managers, ten clients with one trouble each, or none."""
    bank: Bank = {
        "branch": [
            {
                "branch_id": "B1",
                "name": "城东支行",
                "name_en": "Chengdong",
                "list_email": "b1@bank.example",
                "language": "zh_CN",
            },
            {
                "branch_id": "B2",
                "name": "城西支行",
                "name_en": "Chengxi",
                "list_email": "b2@bank.example",
                "language": "en",
            },
        ],
        "staff": [
            {"staff_id": "S1", "branch_id": "B1", "name": "张三", "role": "rm"},
            {"staff_id": "S2", "branch_id": "B2", "name": "Li Si", "role": "rm"},
            {"staff_id": "H1", "branch_id": "B1", "name": "王行长", "role": "branch_head"},
        ],
        "client": [],
        "account": [],
        "txn": [],
        "loan": [],
        "instalment": [],
        "payment": [],
    }
    for number in range(1, 11):
        client_id, branch = f"C{number:02d}", "B1" if number <= 6 else "B2"
        bank["client"].append(
            {
                "client_id": client_id,
                "name": f"客户{number:02d}有限公司",
                "is_natural_person": 0,
                "branch_id": branch,
                "rm_id": "S1" if branch == "B1" else "S2",
                "onboard_date": "2020-01-01",
                "segment": "corporate",
            }
        )
        bank["account"].append(
            {
                "account_id": f"A{number:02d}",
                "client_id": client_id,
                "kind": "settlement",
                "opened_on": next(months_back()),  # with its first transaction: what it holds is known
            }
        )
        for month, day in enumerate(months_back()):
            declined = client_id == "C02" and month >= 13
            bank["txn"].append(_txn(client_id, day, "C", 150_000 if declined else 500_000))
            bank["txn"].append(_txn(client_id, day + datetime.timedelta(days=3), "D", 140_000 if declined else 450_000))
    _loan(bank, "C03", overdue_days=12)
    _loan(bank, "C04", overdue_days=45)
    _loan(bank, "C05", overdue_days=91)
    _loan(bank, "C07", overdue_days=0, next_due_in=4, next_due_amt=5_000_000)
    _loan(bank, "C08", overdue_days=0, maturity_in=6)
    bank["loan"].append(
        {
            "loan_id": "L06",
            "client_id": "C06",
            "product": "working_capital",
            "limit_amt": 1_000_000.0,
            "outstanding_amt": 960_000.0,
            "is_revolving": 1,
            "start_date": "2025-06-01",
            "maturity_date": "2027-06-01",
            "status": "active",
        }
    )
    return bank


def _txn(client_id: str, day: datetime.date, direction: str, amount: int) -> dict[str, Any]:
    return {
        "txn_id": f"T{client_id}{day:%y%m%d}{direction}",
        "account_id": f"A{client_id[1:]}",
        "booked_on": day,
        "direction": direction,
        "amount": float(amount),
        "counterparty_kind": "company",
        "purpose": "other",
    }


def _loan(
    bank: Bank,
    client_id: str,
    *,
    overdue_days: int,
    next_due_in: int = 20,
    next_due_amt: int = 10_000,
    maturity_in: int = 700,
) -> None:
    number = client_id[1:]
    bank["loan"].append(
        {
            "loan_id": f"L{number}",
            "client_id": client_id,
            "product": "fixed_asset",
            "limit_amt": 3_000_000.0,
            "outstanding_amt": 3_000_000.0,
            "is_revolving": 0,
            "start_date": "2025-01-15",
            "maturity_date": D + datetime.timedelta(days=maturity_in),
            "repay_account_id": f"A{number}",
            "status": "active",
        }
    )
    paid_due = days_back(max(overdue_days, 0) + 30)
    due = [(paid_due, 10_000, True)]
    if overdue_days:
        due.append((days_back(overdue_days), 10_000, False))
    due.append((D + datetime.timedelta(days=next_due_in), next_due_amt, False))
    for day, amount, is_paid in due:
        bank["instalment"].append(
            {
                "loan_id": f"L{number}",
                "due_date": day,
                "kind": "principal",
                "due_amt": float(amount),
                "paid_amt": float(amount) if is_paid else 0.0,
                "paid_on": day if is_paid else None,
            }
        )
        if is_paid:
            bank["payment"].append(
                {
                    "payment_id": f"P{number}{day:%y%m%d}",
                    "loan_id": f"L{number}",
                    "due_date": day,
                    "kind": "principal",
                    "paid_on": day,
                    "amount": float(amount),
                }
            )
