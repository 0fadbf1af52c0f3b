"""What stands in a cell comes as it is, or as unreadable: ids that were floats, bytes that are no text."""

from decimal import Decimal
from pathlib import Path

import psycopg
import pyarrow as pa
import pytest
from bank_reading import FIRST, SHANGHAI, MakeSource, read
from made_once import PROCESS
from sqlalchemy import create_engine, text

from nightdesk import pg
from nightdesk.contract import UNREADABLE, contract
from nightdesk.source import Selection, open_source
from nightdesk.source.cell import cell_text, read_as_text, text_array

_GBK = "北京".encode("gbk")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (7.0, "7"),
        (-0.0, "0"),
        (2.0**53 - 1, "9007199254740991"),
        (2.0**53, f"{UNREADABLE}9007199254740992.0"),
        (7.5, f"{UNREADABLE}7.5"),
        (float("nan"), f"{UNREADABLE}nan"),
        (Decimal("7.00"), "7"),
        (Decimal("12345678901234567890"), "12345678901234567890"),
        (Decimal("7.50"), "7.50"),
        (7, "7"),
        ("7.0", "7.0"),  # text is what the bank wrote
        (b"C1", "C1"),
        (_GBK, f"{UNREADABLE}\\xb1b1bea9"),
    ],
)
def test_given_a_drivers_value_in_a_column_of_ids_then_it_is_the_exact_id_or_unreadable(
    value: object, written: str
) -> None:
    assert cell_text(value, is_coded=True) == written


def test_given_a_float_in_a_column_of_amounts_then_it_is_its_cent() -> None:
    assert [cell_text(value) for value in (0.0, 7.0, 0.1, 1234567.89)] == ["0.00", "7.00", "0.10", "1234567.89"]
    assert cell_text(0.125) == "0.125"
    assert cell_text(1e24) == "999999999999999983222784"


@pytest.mark.parametrize(("last_places", "written"), [(3, "1.00"), (4, "1.00"), (5, "1.000000000000001")])
def test_given_a_float_that_sums_have_moved_off_its_cent_then_it_is_that_cent_up_to_four_last_places(
    last_places: int, written: str
) -> None:
    assert cell_text(1.0 + last_places * 2.0**-52) == written


def test_given_an_exact_number_in_a_column_of_amounts_then_it_stays_as_it_is_written() -> None:
    assert [cell_text(Decimal(value)) for value in ("7.00", "7.50", "7")] == ["7.00", "7.50", "7"]


def test_given_a_column_of_bytes_with_an_empty_cell_then_it_stays_empty_beside_one_that_is_unreadable() -> None:
    read = read_as_text(pa.array([b"C1", None, _GBK], pa.binary())).to_pylist()
    assert read == ["C1", None, f"{UNREADABLE}\\xb1b1bea9"]


def test_given_surrogates_that_a_driver_let_through_then_the_cell_is_unreadable_and_its_neighbours_are_not() -> None:
    escaped = _GBK.decode("utf-8", errors="surrogateescape")
    assert text_array(["C1", None, escaped]).to_pylist() == ["C1", None, f"{UNREADABLE}\\xb1b1bea9"]


def test_given_ids_in_a_column_of_floats_then_whole_ones_join_with_text_and_the_others_are_unreadable(
    bank: MakeSource,
) -> None:
    source = bank(
        "create table account (account_id double precision, client_id double precision, kind text, opened_on text)",
        "insert into account values (7, 12, 'deposit', '2020-01-01')",
        "insert into account values (7.25, 9007199254740993, 'deposit', '2020-01-01')",
        "create table client (client_id numeric(12, 2), name text, is_natural_person text, branch_id text,"
        " onboard_date text)",
        "insert into client values (12, 'one', 'N', 'B1', '2020-01-01')",
    )
    rows = read(source, "account", FIRST)
    assert (rows[0]["account_id"], rows[0]["client_id"]) == ("7", "12")
    assert all(str(rows[1][name]).startswith(UNREADABLE) for name in ("account_id", "client_id"))
    assert [row["client_id"] for row in read(source, "client", FIRST)] == ["12"]


def test_given_single_floats_in_postgresql_then_only_what_they_hold_exactly_is_an_id(empty_database: str) -> None:
    with create_engine(empty_database).begin() as connection:
        connection.execute(
            text("create table collateral as select unnest(array[7, 16777217]\\:\\:real[]) as collateral_id")
        )
    rows = read(open_source(empty_database, "contract", SHANGHAI), "collateral", FIRST)
    assert rows[0]["collateral_id"] == "7"
    assert rows[1]["collateral_id"].startswith(UNREADABLE)


def _two_clients_in_gbk_sqlite(path: Path) -> str:
    with create_engine(f"sqlite:///{path}").begin() as connection:
        connection.execute(text("create table branch (branch_id text, name text)"))
        for name in ("北京", "南京"):
            connection.execute(
                text("insert into branch values (cast(x'" + name.encode("gbk").hex() + "' as text), 'one')")
            )
        connection.execute(text("insert into branch values ('B1', '北京')"))
    return f"sqlite:///{path}"


@pytest.fixture
def ascii_database(pg_server: pg.Server) -> str:
    """A PostgreSQL database that converts no bytes: whatever was written comes out."""
    database = f"any_bytes_{PROCESS}"
    with psycopg.connect(pg_server.admin_url("postgres", "postgresql"), autocommit=True) as connection:
        connection.execute(f"drop database if exists {database} with (force)")
        connection.execute(
            f"create database {database} encoding 'SQL_ASCII' locale_provider libc locale 'C' template template0"
        )
    with psycopg.connect(pg_server.admin_url(database, "postgresql"), autocommit=True) as connection:
        connection.execute("create table branch (branch_id text, name text)")
        for name in ("北京", "南京"):
            connection.execute(
                "insert into branch values (convert_from(decode('" + name.encode("gbk").hex() + "', 'hex'),"
                " 'SQL_ASCII'), 'one')"
            )
        connection.execute("insert into branch values ('B1', convert_from(decode('e58c97e4baac', 'hex'), 'SQL_ASCII'))")
    return pg_server.admin_url(database)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_given_bytes_that_are_no_utf8_then_two_ids_stay_two_and_unreadable_and_the_next_row_is_read(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url = (
        _two_clients_in_gbk_sqlite(tmp_path / "bank.db")
        if kind == "sqlite"
        else str(request.getfixturevalue("ascii_database"))
    )
    rows = read(open_source(url, "contract", SHANGHAI), "branch", FIRST)
    assert [(row["branch_id"], row["name"]) for row in rows] == [
        (f"{UNREADABLE}\\xb1b1bea9", "one"),
        (f"{UNREADABLE}\\xc4cfbea9", "one"),
        ("B1", "北京"),
    ]


def test_given_columns_in_another_case_then_they_are_read_as_the_source_spells_them(bank: MakeSource) -> None:
    source = bank('create table branch ("Branch_ID" text, "NAME" text)', "insert into branch values ('B1', 'one')")
    assert read(source, "branch", Selection(until=FIRST.until)) == [{"branch_id": "B1", "name": "one"}]
    assert contract()["branch"].required_columns == ("branch_id", "name")
