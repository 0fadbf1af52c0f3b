"""The statements for a source, in the words of each database: compiled, parsed, and run where there is a server."""

import datetime
from pathlib import Path

import pytest
import sqlglot
from bank_reading import ASKED, NEXT, ONE_DAY, ROWS, SHANGHAI, D, txns
from sqlalchemy import create_engine, text
from sqlalchemy.dialects import mssql, mysql, oracle, postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlglot import exp

from nightdesk.contract import Table, contract
from nightdesk.settings import sql_root
from nightdesk.source import portable
from nightdesk.source.moment import WAYS
from nightdesk.source.statement import counts_of, probe, rows_of

DIALECTS = {
    "oracle": (oracle.dialect(paramstyle="named"), "oracle"),
    "mssql": (mssql.dialect(paramstyle="named"), "tsql"),
    "mysql": (mysql.dialect(paramstyle="named"), "mysql"),
    "sqlite": (sqlite.dialect(paramstyle="named"), "sqlite"),
    "postgresql": (postgresql.dialect(paramstyle="named"), "postgres"),
}
DAILY = [table for table in contract().values() if table.is_daily]


def mapping_of(table: Table) -> str:
    return (sql_root() / "extract" / "contract" / f"{table.name}.sql").read_text(encoding="utf-8").rstrip()


def compiled(dialect: Dialect, table: Table, *, is_text: bool) -> str:
    columns = [*table.columns, "known_at"]
    statement = rows_of(
        dialect,
        mapping_of(table),
        columns,
        NEXT,
        date=str(table.date_column),
        known_at="known_at",
        texts=set(columns) if is_text else (),
    )
    return str(statement.compile(dialect=dialect))


def counted(dialect: Dialect, table: Table, *, is_text: bool) -> str:
    statement = counts_of(
        dialect,
        mapping_of(table),
        D - 365 * ONE_DAY,
        D,
        datetime.datetime.fromisoformat("2026-03-26 05:00:00"),
        date=str(table.date_column),
        known_at="known_at",
        texts={str(table.date_column), "known_at"} if is_text else (),
    )
    return str(statement.compile(dialect=dialect))


@pytest.mark.parametrize("is_text", [True, False], ids=["text", "typed"])
@pytest.mark.parametrize("name", DIALECTS)
def test_given_a_database_then_every_statement_for_it_is_one_that_it_takes(name: str, is_text: bool) -> None:
    dialect, grammar = DIALECTS[name]
    for table in contract().values():
        statements = [str(probe(mapping_of(table)).compile(dialect=dialect))]
        statements.append(str(rows_of(dialect, mapping_of(table), list(table.columns)).compile(dialect=dialect)))
        if table.is_daily:
            statements.append(compiled(dialect, table, is_text=is_text))
            statements.append(counted(dialect, table, is_text=is_text))
        for statement in statements:
            [parsed] = sqlglot.parse(statement, read=grammar)
            assert isinstance(parsed, exp.Select)
            assert [cte.alias for cte in parsed.find_all(exp.Subquery)] == ["s"]
            if name == "oracle":  # a derived table has no AS there
                assert ") as s" not in statement.lower()


@pytest.mark.parametrize("name", DIALECTS)
def test_given_days_and_instants_that_are_no_text_then_they_are_bound_and_no_literal_depends_on_a_session(
    name: str,
) -> None:
    dialect, _ = DIALECTS[name]
    for table in DAILY:
        for statement in (compiled(dialect, table, is_text=False), counted(dialect, table, is_text=False)):
            assert "2026" not in statement
            assert "like" not in statement.lower()
            assert "nullif" not in statement.lower()
        assert "2026-04-01'" in compiled(dialect, table, is_text=True)


def test_given_oracles_reserved_words_then_columns_are_written_as_the_catalogue_has_them() -> None:
    dialect, _ = DIALECTS["oracle"]
    statement = str(rows_of(dialect, "select * from covenant_test", ["covenant_id", "LEVEL"]).compile(dialect=dialect))
    assert 's.covenant_id, s."LEVEL"' in statement


@pytest.mark.parametrize("kind", ["text", "typed"])
def test_given_a_real_server_then_the_portable_statement_finds_the_same_rows_as_copy(
    kind: str, empty_database: str
) -> None:
    engine = create_engine(empty_database)
    with engine.begin() as connection:
        for statement in txns(kind, *ROWS):
            connection.execute(text(statement.replace(":", "\\:")))
    table = contract()["txn"]
    names = ["txn_id", "account_id", "booked_on", "direction", "amount", "known_at"]
    with engine.connect() as connection:
        codes = [c[1] for c in connection.execute(probe("select * from txn")).cursor.description]  # type: ignore[union-attr]
        texts = {n for n, code in zip(names, codes, strict=True) if portable.is_text(connection, code)}
        assert texts == (
            {"txn_id", "account_id", "direction"} | ({"booked_on", "known_at"} if kind == "text" else set())
        )
        batches = portable.stream(
            connection,
            SHANGHAI,
            table,
            "select * from txn",
            {name: name for name in names},
            texts,
            NEXT,
        )
        assert sorted(key for batch in batches for key in batch.column("txn_id").to_pylist()) == ASKED


def test_given_a_percent_sign_and_a_colon_in_a_mapping_then_they_are_sql(tmp_path: Path) -> None:
    mapping = "select '10:30' as branch_id, 7 % 4 as name where 'a:b' like 'a%'"
    with create_engine(f"sqlite:///{tmp_path / 'bank.db'}").connect() as connection:
        found = connection.execute(rows_of(connection.dialect, mapping, ["branch_id", "name"])).all()
    assert [tuple(row) for row in found] == [("10:30", 3)]


@pytest.mark.parametrize("name", ["oracle", "postgresql", "sqlite"])
def test_given_a_database_then_what_makes_it_hold_still_is_its_own_sql(name: str) -> None:
    for statement in WAYS[name].begin:
        assert len(sqlglot.parse(statement, read=DIALECTS[name][1])) == 1


def test_given_sql_server_then_it_is_asked_whether_it_may_hold_still() -> None:
    way = WAYS["mssql"]
    assert way.isolation == "SNAPSHOT"
    assert isinstance(sqlglot.parse_one(str(way.allowed), read="tsql"), exp.Select)
