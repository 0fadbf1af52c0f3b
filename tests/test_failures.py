"""What fails outside says so in one line: the table, what to do, and never what stands in a cell."""

import sqlite3
from pathlib import Path

import duckdb
import pytest
from bank_reading import FIRST, SHANGHAI, read
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from nightdesk.errors import (
    DeadlineMissed,
    HeldNight,
    MailError,
    NightdeskError,
    PolicyError,
    Refused,
    SourceError,
    StoreError,
    UsageError,
)
from nightdesk.failures import first_line, reason, reduced
from nightdesk.source import open_source

_SECRET = "13912345678"


def test_given_a_cell_that_the_server_cannot_convert_then_its_value_is_not_in_the_message(empty_database: str) -> None:
    with create_engine(empty_database).begin() as connection:
        connection.execute(text("create table phone (id text, number text)"))
        connection.execute(text(f"insert into phone values ('B1', '{_SECRET}x')"))
        connection.execute(text("create view branch as select id as branch_id, number\\:\\:bigint as name from phone"))
    with pytest.raises(
        SourceError, match=r"failed while reading 'branch' \(invalid text representation \(22P02\)\)"
    ) as said:
        read(open_source(empty_database, "contract", SHANGHAI), "branch", FIRST)
    assert _SECRET not in str(said.value)
    assert "\n" not in str(said.value)


def test_given_a_mapping_that_does_not_fit_then_the_databases_own_line_stands(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'bank.db'}"
    with create_engine(url).begin() as connection:
        connection.execute(text("create table t (x text)"))
        connection.execute(text("create view branch as select y as branch_id, x as name from t"))
    with pytest.raises(SourceError, match=r"failed while reading 'branch' \(no such column: y\)"):
        read(open_source(url, "contract", SHANGHAI), "branch", FIRST)


class DataError(Exception):
    """As drivers of databases raise it, with a code and the cell in its text."""


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        (DataError(1366, f"Incorrect string value: '{_SECRET}' for column 'name'"), "data error (1366)"),
        (DataError(f"ORA-01722: unable to convert string value {_SECRET} to a number"), "data error (ORA-01722)"),
        (DataError("22018", f"Conversion failed when converting the varchar value '{_SECRET}'"), "data error"),
        (
            sqlite3.OperationalError(f"Could not decode to UTF-8 column 'name' with text '{_SECRET}'"),
            "operational error",
        ),
    ],
)
def test_given_any_drivers_error_while_rows_are_read_then_only_its_kind_and_code_are_said(
    cause: Exception, said: str
) -> None:
    assert reason(DBAPIError("select", None, cause), is_reading=True) == said
    assert reduced(DBAPIError("select", None, cause)) == reduced(cause) == said
    assert _SECRET in reason(DBAPIError("select", None, cause), is_reading=False)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (f"select cast('{_SECRET}x' as integer)", "conversion exception"),
        (f"select error('{_SECRET}')", "invalid input exception"),
        ("select * from read_csv('/nowhere.csv')", 'IO Error: No files found that match the pattern "/nowhere.csv"'),
    ],
)
def test_given_an_error_of_the_engine_then_its_cell_is_not_said_and_a_file_is(statement: str, said: str) -> None:
    with duckdb.connect() as engine, pytest.raises(duckdb.Error) as met:
        engine.sql(statement).fetchall()
    assert reduced(met.value) == said


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (HeldNight("the night is held", "Mend the\nsource."), "the night is held. Mend the source."),
        (FileNotFoundError(2, "No such file or directory", "/a/b"), "/a/b: No such file or directory"),
        (ConnectionRefusedError(111, "Connection refused"), "Connection refused"),
        (KeyError(_SECRET), "key error"),
        (ValueError(f"could not convert string to float: '{_SECRET}'"), "value error"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, _SECRET), "unicode decode error"),
    ],
)
def test_given_any_error_then_what_is_kept_of_it_is_one_line_without_a_value(error: Exception, said: str) -> None:
    assert reduced(error) == said


def test_given_an_address_in_an_errors_line_then_its_secrets_are_not_in_it() -> None:
    error = OSError("GET https://lake.example/t?sig=abc%2F&sv=1 refused for s3://key:abc@bucket/lake")
    assert first_line(error) == "GET https://lake.example/t?sig=***&sv=1 refused for s3://key:***@bucket/lake"


@pytest.mark.parametrize(
    ("kind", "is_final"),
    [
        (SourceError, False),
        (StoreError, False),
        (MailError, False),
        (HeldNight, True),
        (PolicyError, True),
        (UsageError, True),
        (Refused, True),
        (DeadlineMissed, True),
        (NightdeskError, True),
    ],
)
def test_each_kind_of_error_says_whether_another_try_can_mend_it(kind: type[NightdeskError], is_final: bool) -> None:
    assert kind.is_final is is_final


@pytest.mark.parametrize(
    ("url", "package"),
    [
        ("mysql://u:p@h/d", "pymysql"),
        ("mysql+mysqldb://u:p@h/d", "mysqlclient"),
        ("mariadb+pymysql://u:p@h/d", "pymysql"),
        ("oracle://u:p@h/d", "oracledb"),
        ("oracle+oracledb://u:p@h/d", "oracledb"),
        ("mssql+pyodbc://u:p@dsn", "pyodbc"),
        ("mssql://u:p@dsn", "pyodbc"),
        ("db2://u:p@h/d", "ibm_db_sa"),
        ("hana://u:p@h/d", "sqlalchemy-hana"),
    ],
)
def test_given_a_database_whose_driver_is_not_installed_then_its_package_is_named_and_no_other_database(
    url: str, package: str
) -> None:
    with pytest.raises(SourceError, match=rf"needs a driver that is not installed: the package {package}\.") as said:
        open_source(url, "contract", SHANGHAI)
    assert f"pip install {package})" in said.value.remedy
    assert "postgresql" not in str(said.value)
    assert "u:p" not in str(said.value)


def test_given_no_url_at_all_then_one_is_shown() -> None:
    with pytest.raises(SourceError, match="the source URL cannot be used") as said:
        open_source("not a url", "contract", SHANGHAI)
    assert "postgresql+psycopg://" in said.value.remedy


def test_given_a_server_that_is_not_there_then_the_line_says_where(tmp_path: Path) -> None:
    source = open_source("postgresql://u:secret@127.0.0.1:1/d", "contract", SHANGHAI)
    with pytest.raises(SourceError, match=r"cannot be reached \(connection failed") as said, source.moment():
        pass
    assert "secret" not in str(said.value)
