"""The published Berka files where they are at hand, a bank of a few rows in the same form, and their mapped rows."""

import csv
import datetime
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
import pytest
from made_once import PROCESS
from night_runs import fresh_settings
from published_files import folder_of

from nightdesk import pg
from nightdesk.contract import contract
from nightdesk.settings import sql_root
from nightdesk.source import Selection, open_source
from nightdesk_lab.berka import load

__all__ = ["fresh_settings"]

Row = dict[str, str | None]
Mapped = Callable[..., list[Row]]

SMALL_BANK = {
    "district": [
        "A1;A2;A3;A4;A5;A6;A7;A8;A9;A10;A11;A12;A13;A14;A15;A16",
        '1;"Hl.m. Praha";"Prague";1204953;0;0;0;1;1;100.0;12541;0.29;0.43;167;85677;99107',
        '2;"Benesov";"central Bohemia";88884;80;26;6;2;5;46.7;8507;1.67;1.85;132;2159;2674',
    ],
    "account": [
        '"account_id";"district_id";"frequency";"date"',
        '10;1;"POPLATEK MESICNE";930105',
        '20;2;"POPLATEK TYDNE";940201',
    ],
    "client": ['"client_id";"birth_number";"district_id"', '1;"706213";1', '2;"450204";2', '3;"406009";2'],
    "disp": [
        '"disp_id";"client_id";"account_id";"type"',
        '1;1;10;"OWNER"',
        '2;2;20;"OWNER"',
        '3;3;20;"DISPONENT"',
    ],
    "order": [
        '"order_id";"account_id";"bank_to";"account_to";"amount";"k_symbol"',
        '1;10;"YZ";"87144583";100.30;"UVER"',
        '2;10;"QR";"13943797";7266.00;"SIPO"',
        '3;20;"QR";"13943798";40.00;"UVER"',
    ],
    "loan": [
        '"loan_id";"account_id";"date";"amount";"duration";"payments";"status"',
        '100;10;930711;1200;12;100.00;"B"',
        '200;20;940312;600;12;50.00;"A"',
    ],
    "card": ['"card_id";"disp_id";"type";"issued"', '1;3;"classic";940210 00:00:00'],
    "trans_prefix_19930101_19940331": [
        '"trans_id";"account_id";"date";"type";"operation";"amount";"balance";"k_symbol";"bank";"account"',
        '1;10;930105;"PRIJEM";"VKLAD";500.00;500.00;"";;',
        '2;10;930812;"VYDAJ";"PREVOD NA UCET";100.30;399.70;"UVER";"YZ";"87144583"',
        '3;10;930930;"PRIJEM";"";1.20;400.90;"UROK";;',
        '4;10;930930;"VYDAJ";"VYBER";14.60;386.30;"SLUZBY";;',
        '5;10;931012;"VYDAJ";"PREVOD NA UCET";100.30;286.00;"UVER";"YZ";"87144583"',
        '6;20;940201;"PRIJEM";"PREVOD Z UCTU";900.00;900.00;"DUCHOD";"AB";"77"',
        '7;20;940203;"VYBER";"VYBER";50.00;850.00;" ";"";"0"',
        '8;20;940204;"PREVOD";"VYBER KARTOU";1.00;849.00;"";"";"0"',
        '9;20;940205;"VYDAJ";"PREVOD NA UCET";2.00;847.00;"LEASING";"CD";"5"',
    ],
}


def hellers(amount: str | None) -> int:
    """An amount's text in hellers, digit by digit."""
    crowns, _, rest = str(amount).partition(".")
    return int(crowns) * 100 + int(rest.ljust(2, "0"))


def signed(amount: str | None) -> int:
    """As hellers(), for an amount that may be negative."""
    return -hellers(str(amount)[1:]) if str(amount).startswith("-") else hellers(amount)


def iso(raw: str) -> str:
    """A raw yymmdd date."""
    return f"19{raw[:2]}-{raw[2:4]}-{raw[4:6]}"


@dataclass(frozen=True)
class Recount:
    """The raw files of a folder, read with nothing of the package."""

    folder: Path

    def rows(self, name: str) -> list[dict[str, str]]:
        """The rows of `<name>.asc`."""
        with (self.folder / f"{name}.asc").open(newline="") as file:
            return list(csv.DictReader(file, delimiter=";"))

    @cached_property
    def trans(self) -> list[dict[str, str]]:
        """Every transaction."""
        return self.rows("trans_prefix_19930101_19940331")

    @cached_property
    def loans(self) -> list[dict[str, str]]:
        """Every loan, the later ones too."""
        return self.rows("loan")

    @cached_property
    def repayments(self) -> dict[str, list[dict[str, str]]]:
        """Repayments by loan, in order of date and number."""
        by_account = defaultdict(list)
        for row in self.trans:
            if row["k_symbol"] == "UVER":
                by_account[row["account_id"]].append(row)
        return {
            loan["loan_id"]: sorted(by_account[loan["account_id"]], key=lambda row: (row["date"], int(row["trans_id"])))
            for loan in self.loans
        }

    def outstanding(self, day: str) -> dict[str, int]:
        """Hellers outstanding at the end of an ISO day, by loan granted by then."""
        return {
            loan["loan_id"]: hellers(loan["amount"])
            - sum(hellers(row["amount"]) for row in self.repayments[loan["loan_id"]] if iso(row["date"]) <= day)
            for loan in self.loans
            if iso(loan["date"]) <= day
        }

    def day_ends(self) -> dict[tuple[str, str], int]:
        """Last balance (hellers) by account and day, where the day's rows chain to a single end."""
        days = defaultdict(list)
        for row in self.trans:
            days[row["account_id"], iso(row["date"])].append(row)
        found = {}
        for key, members in days.items():
            ends = [signed(row["balance"]) for row in members]
            for row in members:
                sign = 1 if row["type"] == "PRIJEM" else -1
                before = signed(row["balance"]) - sign * hellers(row["amount"])
                if before in ends:
                    ends.remove(before)
            if len(ends) == 1:
                found[key] = ends[0]
        return found


def write_bank(folder: Path, bank: dict[str, list[str]]) -> Path:
    """The rows as files of the published form."""
    for name, lines in bank.items():
        (folder / f"{name}.asc").write_bytes("".join(f"{line}\r\n" for line in lines).encode())
    return folder


@pytest.fixture
def small_folder(tmp_path: Path) -> Path:
    """A folder with a bank of two accounts."""
    folder = tmp_path / "small"
    folder.mkdir()
    return write_bank(folder, SMALL_BANK)


@pytest.fixture(scope="session")
def berka_folder() -> Path:
    """The folder with the published files; without it, what needs it is skipped."""
    return folder_of("NIGHTDESK_BERKA_DATA", "berka", "trans_prefix_19930101_19940331.asc")


@pytest.fixture(scope="session")
def recount(berka_folder: Path) -> Recount:
    """The published files, counted independently of the package."""
    return Recount(berka_folder)


@pytest.fixture(scope="session")
def raw_sqlite(berka_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The published files in a SQLite file."""
    url = f"sqlite:///{tmp_path_factory.mktemp('berka') / 'raw.db'}"
    load(berka_folder, url)
    return url


@pytest.fixture(scope="session")
def raw_postgres(berka_folder: Path, pg_server: pg.Server) -> Iterator[str]:
    """The published files in a PostgreSQL database, dropped at the end."""
    name = f"berka_raw_{PROCESS}"
    with psycopg.connect(pg_server.admin_url("postgres", "postgresql"), autocommit=True) as connection:
        connection.execute(f"create database {name}")
    url = pg_server.admin_url(name)
    load(berka_folder, url)
    yield url
    with psycopg.connect(pg_server.admin_url("postgres", "postgresql"), autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)")


@pytest.fixture(scope="session")
def mapped() -> Mapped:
    """Rows of one contract table as the night's own extraction reads them: `mapped(url, table, until=...)`."""

    @cache
    def read(url: str, table_name: str, until: datetime.date = datetime.date(1999, 12, 31)) -> list[Row]:
        table = contract()[table_name]
        source = open_source(url, "berka", ZoneInfo("Europe/Prague"))
        with source.moment() as bank:
            columns = bank.columns(table)
            assert columns is not None, f"the profile berka has no {table_name}"
            rows = bank.stream(table, columns, Selection(until=until)).read_all().to_pylist()
        source.engine.dispose()
        return sorted(rows, key=lambda row: [str(row[name]) for name in sorted(row)])

    return read


@pytest.fixture(params=sorted(path.stem for path in (sql_root() / "extract" / "berka").glob("*.sql")))
def table(request: pytest.FixtureRequest) -> str:
    """Each contract table that the profile maps, in turn."""
    return str(request.param)


@pytest.fixture(params=["sqlite", "postgresql"])
def small_bank(request: pytest.FixtureRequest, small_folder: Path, tmp_path: Path) -> str:
    """The bank of two accounts in a database of either kind."""
    is_sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'raw.db'}" if is_sqlite else request.getfixturevalue("empty_database")
    load(small_folder, url, is_partial=True)
    return str(url)
