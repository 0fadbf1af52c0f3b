"""Nights of March 1994 on the published files, end to end: to the heller, nothing of the future, dirt named."""

import csv
import datetime
import io
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from cut_files import TRANS, append, as_the_bank_was

from nightdesk.desk.database import open_desk
from nightdesk.desk.ledger import feeds_of
from nightdesk.night.whole import run_night
from nightdesk.reading.exporting import export, standing_publication
from nightdesk.reading.published_night import PublishedNight
from nightdesk.settings import Settings
from nightdesk_lab.berka import load

FIRST = datetime.date(1994, 3, 1)
#: a Saturday after a gap, on which loans are repaid
LATER = datetime.date(1994, 3, 12)
pytestmark = [pytest.mark.slow, pytest.mark.long]
RESULTS = ("client_tier", "signal", "cleared", "warning", "task", "branch_summary")


@dataclass(frozen=True)
class Nights:
    """A home in which the nights of FIRST and LATER were run."""

    settings: Settings

    def rows(self, table: str, day: datetime.date) -> list[dict[str, str]]:
        """A published table."""
        return list(csv.DictReader(io.StringIO(export(self.settings, table, day, "csv", None, profile="berka") or "")))

    def feeds(self, day: datetime.date) -> dict[str, dict[str, Any]]:
        """What became of the rows of each supplied source table."""
        with open_desk(self.settings).connect() as connection:
            publication = standing_publication(connection, self.settings, day, "berka")
            found = feeds_of(connection, publication.attempt_id)
        return {str(row["table_name"]): dict(row) for row in found if row["is_supplied"]}

    def source(self, query: str, day: datetime.date, table: str) -> list[dict[str, Any]]:
        """Rows of a source table as the night used it, former nights' rows of daily facts included."""
        with open_desk(self.settings).connect() as connection:
            publication = standing_publication(connection, self.settings, day, "berka")
        with PublishedNight(self.settings, publication) as night:
            night.inputs.source(table)
            return night.engine.rows(query)

    def lists(self, day: datetime.date) -> dict[str, Path]:
        """The folder of each branch's list."""
        return {folder.name: folder for folder in (self.settings.home / "out" / str(day) / "branch").iterdir()}


@pytest.fixture(scope="module")
def nights(raw_sqlite: str, fresh_settings: Any) -> Nights:
    """The published files, of which most is dated after these nights."""
    settings = fresh_settings()
    for day in (FIRST, LATER):
        run_night(settings, day, profile="berka", source=raw_sqlite)
    return Nights(settings)


def dirt_of(day: datetime.date, account: str) -> dict[str, list[str]]:
    """Rows that a bank might send on `day`, `account` being one that moved that day."""
    date = f"{day:%y%m%d}"
    far = "99999999.99"  # never the day's last balance
    return {
        TRANS: [
            f'9000001;{account};{date};"PREVOD";"";0.01;{far};"";;',
            f'9000002;{account};{date};"PRIJEM";"VKLAD";0.005;{far};"";;',
            f'9000003;{account};{date};"PRIJEM";"VKLAD";0.00;{far};"";;',
            f'9000004;{account};{date};"PRIJEM";"VKLAD";0.02;{far};"";;',
            f'9000004;{account};{date};"PRIJEM";"VKLAD";0.03;{far};"";;',
            f'9000005;99999;{date};"PRIJEM";"VKLAD";5.00;5.00;"";;',
            f'9000006;99002;{date};"PRIJEM";"VKLAD";7.00;7.00;"";;',
        ],
        "account": [f'99002;1;"POPLATEK MESICNE";{date}'],
        "client": ['99001;"700101";99'],
        "disp": ['99001;99001;99002;"OWNER"'],
        "loan": [f'99003;99999;{date};200;2;100.00;"A"'],
    }


NAMED = {
    ("txn", "9000001", "enum_unknown"),
    ("txn", "9000002", "amount_scale"),
    ("txn", "9000003", "amount_not_positive"),
    ("txn", "9000004", "key_conflict"),
    ("txn", "9000005", "parent_missing"),
    ("balance", "99999|1994-03-12", "parent_missing"),
    ("client", "99001", "parent_missing"),
    ("account", "99002", "parent_quarantined"),
    ("txn", "9000006", "parent_quarantined"),
    ("balance", "99002|1994-03-12", "parent_quarantined"),
    ("loan", "99003", "required_missing"),
    ("instalment", "99003|1994-04-12|principal", "parent_quarantined"),
    ("instalment", "99003|1994-05-12|principal", "parent_quarantined"),
}


@pytest.fixture(scope="module")
def ended(berka_folder: Path, recount: Any, fresh_settings: Any, tmp_path_factory: pytest.TempPathFactory) -> Nights:
    """A bank whose files end on the night's own day: clean on the first, with dirt among its rows on the later."""
    home, settings = tmp_path_factory.mktemp("ended"), fresh_settings()
    url = f"sqlite:///{home / 'raw.db'}"
    moved = next(row["account_id"] for row in recount.trans if row["date"] == f"{LATER:%y%m%d}")
    for day in (FIRST, LATER):
        folder = as_the_bank_was(berka_folder, home / str(day), day)
        if day == LATER:
            for name, lines in dirt_of(day, moved).items():
                append(folder, name, lines)
        load(folder, url, is_partial=True)
        run_night(settings, day, profile="berka", source=url)
    return Nights(settings)


@pytest.mark.parametrize("day", [FIRST, LATER])
def test_every_transaction_up_to_the_night_is_used_to_the_heller(
    day: datetime.date, nights: Nights, recount: Any
) -> None:
    query = (
        "select account_id, booked_on, direction, count(*) as n, cast(sum(amount) * 100 as bigint) as hellers "
        "from source.txn group by all"
    )
    found = {
        (row["account_id"], str(row["booked_on"]), row["direction"]): (row["n"], row["hellers"])
        for row in nights.source(query, day, "txn")
    }
    wanted: dict[Any, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for raw in recount.trans:
        booked = f"19{raw['date'][:2]}-{raw['date'][2:4]}-{raw['date'][4:]}"
        if booked <= str(day):
            key = (raw["account_id"], booked, "C" if raw["type"] == "PRIJEM" else "D")
            count, hellers = wanted[key]
            wanted[key] = (count + 1, hellers + int(raw["amount"].replace(".", "")))
    assert all(re.fullmatch(r"\d+\.\d\d", raw["amount"]) for raw in recount.trans)
    assert found == wanted


def test_every_raw_row_is_accounted_for(nights: Nights, recount: Any) -> None:
    dates = Counter(raw["date"] <= f"{FIRST:%y%m%d}" for raw in recount.trans if raw["date"] <= f"{LATER:%y%m%d}")
    for day, new in ((FIRST, dates[True]), (LATER, dates[False])):
        feeds = nights.feeds(day)
        for name, feed in feeds.items():
            assert feed["rows_in"] == feed["rows_used"] + feed["rows_quarantined"] + feed["rows_late"], name
        assert (feeds["txn"]["rows_in"], feeds["txn"]["rows_used"]) == (new, new)
        assert {name for name, feed in feeds.items() if feed["rows_quarantined"]} == set(), "the files are clean"
        assert feeds["account"]["rows_in"] == 4_500
        assert nights.rows("quarantine", day) == []


@pytest.mark.parametrize("day", [FIRST, LATER])
def test_loans_are_those_granted_so_far_and_owe_what_is_not_repaid_so_far(
    day: datetime.date, nights: Nights, recount: Any
) -> None:
    query = "select loan_id, status, cast(outstanding_amt * 100 as bigint) as hellers from source.loan"
    rows = nights.source(query, day, "loan")
    assert {row["loan_id"]: row["hellers"] for row in rows} == recount.outstanding(str(day))
    assert {row["status"] for row in rows} == {"active"}


def test_the_client_whose_loan_is_never_paid_is_red_with_the_days_counted(nights: Nights) -> None:
    """Loan 5314, granted in July 1993: its first payment ever is that of the 12th."""
    for day, value in ((FIRST, "232.0000"), (LATER, "212.0000")):
        [signal] = [row for row in nights.rows("signal", day) if row["indicator"] == "P01"]
        assert (signal["loan_id"], signal["severity"], signal["hard"], signal["value"]) == (
            "5314",
            "red",
            "true",
            value,
        )
        [red] = [row for row in nights.rows("warning", day) if row["colour"] == "red"]
        assert red["client_id"] == signal["client_id"]


def clients_in(folder: Path) -> dict[str, set[str]]:
    """Ids of the clients that each file of a branch names."""
    found = {}
    for name in ("list.html", "list.txt"):
        plain = re.sub(r"<[^>]+>", " ", (folder / name).read_text())
        found[name] = set(re.findall(r"Client\s+(\d+)", plain))
    book = openpyxl.load_workbook(folder / "list.xlsx", read_only=True)
    columns = [column for sheet in book for column in zip(*sheet.iter_rows(values_only=True), strict=True)]
    under = [cell for column in columns if column[0] == "Client id" for cell in column[1:] if cell]
    found["list.xlsx"] = {cell for cell in under if re.fullmatch(r"\d+", str(cell))}  # an empty sheet says so there
    book.close()
    return found


@pytest.mark.parametrize("day", [FIRST, LATER])
def test_a_list_names_its_own_districts_clients_only(day: datetime.date, nights: Nights, recount: Any) -> None:
    home = {row["client_id"]: row["district_id"] for row in recount.rows("client")}
    folders = nights.lists(day)
    assert set(folders) == {row["A1"] for row in recount.rows("district")}
    named: dict[str, set[str]] = defaultdict(set)
    for branch, folder in folders.items():
        for name, clients in clients_in(folder).items():
            assert {home[client] for client in clients} <= {branch}, f"{branch}/{name}"
            named[name] |= clients
    tasks = nights.rows("task", day)
    assert {row["client_id"] for row in tasks} <= named["list.xlsx"]
    within_capacity = {row["client_id"] for row in tasks if row["is_later"] == "false"}
    assert within_capacity <= named["list.html"] & named["list.txt"]


@pytest.mark.parametrize("day", [FIRST, LATER])
def test_nothing_dated_after_the_night_changes_a_result_and_dirt_only_those_of_whom_it_is(
    day: datetime.date, nights: Nights, ended: Nights
) -> None:
    held = ended.rows("withheld", day)
    clients, branches = ({row[name] for row in held} - {""} for name in ("client_id", "branch_id"))
    for table in RESULTS:
        name, touched = ("branch_id", branches) if table == "branch_summary" else ("client_id", clients)
        clean, found = ([row for row in bank.rows(table, day) if row[name] not in touched] for bank in (nights, ended))
        assert found == clean, table
        assert found or table == "cleared"
    lists = {branch: folder for branch, folder in nights.lists(day).items() if branch not in branches}
    assert lists
    for branch, folder in lists.items():
        for name in ("list.html", "list.txt", "list.xlsx"):
            assert (folder / name).read_bytes() == (ended.lists(day)[branch] / name).read_bytes(), f"{branch}/{name}"


def test_of_whom_a_row_is_dirt_is_not_green_and_stands_on_the_list_of_the_branch(
    ended: Nights, nights: Nights, recount: Any
) -> None:
    moved = next(row["account_id"] for row in recount.trans if row["date"] == f"{LATER:%y%m%d}")
    [owner] = [r["client_id"] for r in recount.rows("disp") if (r["account_id"], r["type"]) == (moved, "OWNER")]
    assert (nights.rows("withheld", LATER), ended.rows("withheld", FIRST)) == ([], [])
    held = {row["client_id"]: row["branch_id"] for row in ended.rows("withheld", LATER) if row["client_id"]}
    assert set(held) == {owner, "99001"}
    [warning] = [row for row in ended.rows("warning", LATER) if row["client_id"] == owner]
    assert warning["colour"] not in ("green", "")
    assert "quarantine:txn" in warning["not_assessed"].split(",")
    assert owner in (ended.lists(LATER)[held[owner]] / "list.txt").read_text()


def test_dirt_is_quarantined_by_rule_and_key(ended: Nights, nights: Nights) -> None:
    found = ended.rows("quarantine", LATER)
    assert {(row["table_name"], row["row_key"], row["rule"]) for row in found} == NAMED
    assert {row["severity"] for row in found} == {"critical"}
    clean, dirty = nights.feeds(LATER), ended.feeds(LATER)
    for name, added in {"txn": 7, "balance": 2, "client": 1, "account": 1, "loan": 1, "instalment": 2}.items():
        assert dirty[name]["rows_quarantined"] == added, name
        assert dirty[name]["rows_used"] == clean[name]["rows_used"], name
