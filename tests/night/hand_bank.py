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


def deciding_bank() -> Bank:
    """The ten clients, people of risk, some who have left, a head of B2, a second manager of B1 who is on leave, and a
    manual tier that S1 asked for."""
    bank = ten_clients()
    bank["staff"] += [
        {"staff_id": "H2", "branch_id": "B2", "name": "Zhou Head", "role": "branch_head"},
        {"staff_id": "R1", "branch_id": "B2", "name": "赵风", "role": "risk"},
        {"staff_id": "R2", "branch_id": "B2", "name": "钱险", "role": "risk", "active_to": days_back(0)},
        {"staff_id": "R3", "branch_id": "B2", "name": "孙控", "role": "risk"},
        {"staff_id": "OLD", "branch_id": "B1", "name": "钱去", "role": "rm", "active_to": days_back(0)},
        {"staff_id": "DA", "branch_id": "B1", "name": "数据", "role": "data"},
        {"staff_id": "S3", "branch_id": "B1", "name": "孙二", "role": "rm"},
    ]
    bank["absence"] = [{"staff_id": "S3", "from_on": days_back(0), "to_on": days_back(-5), "deputy_id": "S1"}]
    tier = {"override_id": "O1", "client_id": "C01", "tier": "core", "reason_code": "GROUP", "requested_by": "S1"}
    bank["override"] = [tier | {"valid_from": days_back(1), "valid_to": days_back(-60)}]
    return bank


def mailing_bank() -> Bank:
    """The ten clients, whose people have addresses, two of them the same one. C04 of B1 is paid by C07 of B2, told by
    its number; C06 of B1 was until lately by C08, told by its name."""
    bank = ten_clients()
    for person in bank["staff"]:
        person["email"] = f"{person['staff_id'].lower()}@bank.example"
    bank["staff"] += [
        {"staff_id": "X1", "branch_id": "B1", "name": "甲", "role": "rm", "email": "both@bank.example"},
        {"staff_id": "X2", "branch_id": "B1", "name": "乙", "role": "rm", "email": "Both@bank.example"},
        {"staff_id": "S9", "branch_id": "B1", "name": "丙", "role": "rm", "email": "s9@bank.example"},
    ]
    for row in list(bank["txn"]):
        if row["direction"] != "C":
            continue
        if row["account_id"] == "A04":
            row["counterparty_id"], row["counterparty_name"] = "C07", "客户07有限公司"
        if row["account_id"] == "A06":
            row["counterparty_name"] = "客户08 有限公司"
            if row["booked_on"] > days_back(100):
                bank["txn"].remove(row)
    return bank


def reviewing_bank() -> Bank:
    """The ten clients, people who review (E3 has left), and a wind farm of one of them that a loan finances. Only the
    mailbox of B1 has addresses."""
    bank = ten_clients()
    bank["staff"] += [
        {"staff_id": "E1", "branch_id": "B2", "name": "王审", "role": "esg", "email": "e1@bank.example"},
        {"staff_id": "E2", "branch_id": "B2", "name": "李核", "role": "esg", "email": "no address"},
        {"staff_id": "E3", "branch_id": "B2", "name": "赵退", "role": "esg", "email": "e3@bank.example"}
        | {"active_to": days_back(1)},
        {"staff_id": "R1", "branch_id": "B2", "name": "赵风", "role": "risk"},
    ]
    for branch in bank["branch"]:
        branch["list_email"] = "b1@bank.example; b1b@bank.example" if branch["branch_id"] == "B1" else None
    project = {"project_id": "P1", "client_id": "C06", "branch_id": "B1", "name": "青岭风电", "stage": "construction"}
    bank["project"] = [project | {"ep_category": "A", "cn_class": "B", "approved_on": days_back(700)}]
    for loan in bank["loan"]:
        loan["project_id"] = "P1" if loan["client_id"] == "C06" else None
    bank["permit"] = [
        {"permit_id": "M1", "project_id": "P1", "kind": "construction_permit", "expires_on": days_back(-300)}
        | {"issued_on": days_back(400), "is_operating_critical": False, "renewal_filed_on": None}
    ]
    loan_id = next(row["loan_id"] for row in bank["loan"] if row["client_id"] == "C06")
    bank["draw_request"] = [{"request_id": "DR1", "loan_id": loan_id, "amount": 1000, "wanted_on": days_back(-20)}]
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
