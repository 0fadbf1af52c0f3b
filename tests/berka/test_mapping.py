"""The profile's mapping on the published files: to the cent, the same on both databases, and blind to the future."""

import datetime
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest
from cut_files import as_the_bank_was

from nightdesk.contract import contract
from nightdesk_lab.berka import load

Row = dict[str, str | None]


def cents(text: str | None) -> int:
    """An amount's text in hellers, by its digits."""
    digits = str(text).replace("-", "")
    crowns, _, rest = digits.partition(".")
    assert len(rest) == 2, f"{text} does not have two places"
    return (-1 if str(text).startswith("-") else 1) * (int(crowns) * 100 + int(rest))


def test_both_databases_give_the_same_rows(table: str, raw_sqlite: str, raw_postgres: str, mapped: Any) -> None:
    assert mapped(raw_sqlite, table) == mapped(raw_postgres, table)


def test_every_transaction_is_there_once_with_its_amount_to_the_heller(
    raw_postgres: str, mapped: Any, recount: Any
) -> None:
    rows = mapped(raw_postgres, "txn")
    assert len({row["txn_id"] for row in rows}) == len(rows) == len(recount.trans)
    found: Counter[tuple[str | None, ...]] = Counter()
    wanted: Counter[tuple[str | None, ...]] = Counter()
    for row in rows:
        found[row["account_id"], row["booked_on"], row["direction"]] += cents(row["amount"])
    for raw in recount.trans:
        day = f"19{raw['date'][:2]}-{raw['date'][2:4]}-{raw['date'][4:]}"
        wanted[raw["account_id"], day, "C" if raw["type"] == "PRIJEM" else "D"] += cents(raw["amount"])
    assert found == wanted


def test_every_code_of_the_published_ledger_is_known(raw_postgres: str, mapped: Any) -> None:
    allowed = contract()["txn"].columns
    rows = mapped(raw_postgres, "txn")
    for name in ("direction", "purpose", "counterparty_kind"):
        assert {row[name] for row in rows} - {None} <= set(allowed[name].values), name


def test_the_balance_is_that_of_the_days_last_transaction(raw_postgres: str, mapped: Any, recount: Any) -> None:
    balances = {
        (row["account_id"], row["business_date"]): cents(row["eod_balance"]) for row in mapped(raw_postgres, "balance")
    }
    ends = recount.day_ends()
    assert len(balances) == 39_960
    assert len(ends) == 39_796, "account-days whose rows chain to one end"
    assert {key: balances[key] for key in ends} == ends


def test_plans_add_up_to_their_loans_and_payments_to_the_ledger(raw_postgres: str, mapped: Any, recount: Any) -> None:
    plans: Counter[str] = Counter()
    months: Counter[str] = Counter()
    for row in mapped(raw_postgres, "instalment"):
        plans[row["loan_id"]] += cents(row["due_amt"])
        months[row["loan_id"]] += 1
    assert plans == {loan["loan_id"]: int(loan["amount"]) * 100 for loan in recount.loans}
    assert months == {loan["loan_id"]: int(loan["duration"]) for loan in recount.loans}
    paid: dict[str, int] = defaultdict(int)
    for row in mapped(raw_postgres, "payment"):
        paid[row["loan_id"]] += cents(row["amount"])
    assert paid == {
        loan: sum(cents(row["amount"]) for row in rows) for loan, rows in recount.repayments.items() if rows
    }
    assert sum(len(rows) for rows in recount.repayments.values()) == 123


def visible(rows: list[Row], day: datetime.date, key: tuple[str, ...]) -> dict[tuple[str | None, ...], Row]:
    """The newest version of each key known at the end of `day`."""
    seen: dict[tuple[str | None, ...], Row] = {}
    for row in sorted(rows, key=lambda row: str(row.get("known_at"))):
        if "known_at" not in row or str(row["known_at"]) <= f"{day} 23:59:59":
            seen[tuple(row[name] for name in key)] = row
    return seen


@pytest.mark.parametrize("day", [datetime.date(1994, 3, 1), datetime.date(1994, 3, 12), datetime.date(1994, 3, 31)])
def test_a_night_sees_the_loans_granted_so_far_less_what_was_repaid_so_far(
    day: datetime.date, raw_postgres: str, mapped: Any, recount: Any
) -> None:
    loans = visible(mapped(raw_postgres, "loan"), day, ("loan_id",))
    assert {key[0]: cents(row["outstanding_amt"]) for key, row in loans.items()} == recount.outstanding(str(day))


@pytest.mark.parametrize("day", [datetime.date(1994, 3, 1), datetime.date(1994, 3, 12)])
def test_a_bank_that_ends_that_day_looks_the_same_as_one_that_goes_on(
    day: datetime.date, raw_sqlite: str, berka_folder: Path, tmp_path: Path, mapped: Any
) -> None:
    ended = f"sqlite:///{tmp_path / 'ended.db'}"
    load(as_the_bank_was(berka_folder, tmp_path / "raw", day), ended, is_partial=True)
    for name in ("account", "balance", "client", "instalment", "loan", "payment", "product_holding", "txn"):
        key = contract()[name].key
        whole = visible(mapped(raw_sqlite, name, until=day), day, key)
        assert whole == visible(mapped(ended, name, until=day), day, key), name
        assert whole, name


@pytest.fixture(scope="module")
def scrambled(berka_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The published files with every loan's outcome turned into another."""
    home = tmp_path_factory.mktemp("scrambled")
    folder = as_the_bank_was(berka_folder, home / "raw", datetime.date(1999, 12, 31))
    turned = str.maketrans("ABCD", "DCBA")
    lines = (folder / "loan.asc").read_text().splitlines()
    other = [line[:-3] + line[-3:].translate(turned) for line in lines[1:]]
    assert all(one != another for one, another in zip(lines[1:], other, strict=True))
    (folder / "loan.asc").write_text("".join(f"{line}\r\n" for line in [lines[0], *other]), newline="")
    url = f"sqlite:///{home / 'raw.db'}"
    load(folder, url)
    return url


def test_the_loans_final_outcome_is_not_used(table: str, raw_sqlite: str, scrambled: str, mapped: Any) -> None:
    assert mapped(scrambled, table) == mapped(raw_sqlite, table)
