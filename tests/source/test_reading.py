"""What is read of a bank, the same from SQLite and from PostgreSQL: which rows, and exactly what stands in them."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import create_engine, text

from nightdesk.contract import contract
from nightdesk.errors import SourceError
from nightdesk.lake import batches_in, write_batch
from nightdesk.source import Selection, Source, open_source

SHANGHAI = ZoneInfo("Asia/Shanghai")
D = datetime.date(2026, 3, 31)
ONE_DAY = datetime.timedelta(days=1)
#: the night of D after the night of the day before, whose cut-off was 05:00 on D in Shanghai
NEXT = Selection(
    until=D,
    after=D - ONE_DAY,
    known_after=datetime.datetime(2026, 3, 30, 21, tzinfo=datetime.UTC),
    lookback_from=D - 5 * ONE_DAY,
)
FIRST = Selection(until=D)
MakeSource = Callable[..., Source]


@pytest.fixture(params=["sqlite", "postgresql"])
def bank(request: pytest.FixtureRequest, tmp_path: Path) -> MakeSource:
    """A source after some statements."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'bank.db'}"
    else:
        url = request.getfixturevalue("empty_database")

    def make(*statements: str) -> Source:
        engine = create_engine(url)
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement.replace(":", "\\:")))
        engine.dispose()
        return open_source(url, "contract", SHANGHAI)

    return make


def read(source: Source, name: str, selection: Selection) -> list[dict[str, Any]]:
    table = contract()[name]
    columns = source.columns(table)
    assert columns is not None
    return source.stream(table, columns, selection).read_all().to_pylist()


def keys(source: Source, name: str, selection: Selection) -> list[str]:
    return sorted(next(iter(row.values())) for row in read(source, name, selection))


TXN = "create table txn (txn_id text, account_id text, booked_on {date}, direction text, amount {amount}"


def txns(source_kind: str, *rows: tuple[str, str | None, str | None]) -> list[str]:
    """A table of transactions, its dates and instants as text or as they are typed in PostgreSQL."""
    day, instant = ("text", "text") if source_kind == "text" else ("date", "timestamptz")
    made = [TXN.format(date=day, amount="numeric") + f", known_at {instant})"]
    for key, date, known in rows:
        values = ", ".join("null" if value is None else f"'{value}'" for value in (key, "A1", date, "C", "1.00", known))
        made.append(f"insert into txn values ({values})")
    return made


ROWS = (
    ("of-the-day", "2026-03-31", "2026-03-31 10:00:00+08:00"),
    ("tomorrow", "2026-04-01", "2026-04-01 10:00:00+08:00"),
    ("known-before", "2026-03-30", "2026-03-31 05:00:00+08:00"),
    ("known-before-in-utc", "2026-03-30", "2026-03-30 21:00:00+00:00"),
    ("late", "2026-03-30", "2026-03-31 05:00:01+08:00"),
    ("late-in-utc", "2026-01-05", "2026-03-30 21:00:01+00:00"),
    ("no-known-at", "2026-03-27", None),
    ("no-known-at-long-ago", "2026-03-20", None),
    ("no-date-new", None, "2026-03-31 09:00:00+08:00"),
    ("no-date-old", None, "2026-03-29 09:00:00+08:00"),
)
ASKED = ["late", "late-in-utc", "no-date-new", "no-known-at", "of-the-day"]


@pytest.mark.parametrize("kind", ["text", "typed"])
def test_a_later_night_takes_its_day_and_what_came_to_light_since(bank: MakeSource, kind: str) -> None:
    source = bank(*txns(kind, *ROWS))
    assert keys(source, "txn", NEXT) == ASKED
    assert keys(source, "txn", FIRST) == sorted(key for key, *_ in ROWS if key != "tomorrow")


def test_text_without_a_zone_is_bank_time_and_text_that_is_no_date_or_instant_is_read_for_the_checks(
    bank: MakeSource,
) -> None:
    source = bank(
        *txns(
            "text",
            ("late", "2026-03-30", "2026-03-31T05:00:01"),
            ("known-before", "2026-03-30", "2026-03-31 05:00:00"),
            ("empty-known-at", "2026-03-30", ""),
            ("odd-date", "31/03/2026", "2026-03-31 09:00:00"),
            ("odd-known-at", "2026-03-30", "yesterday"),
        )
    )
    assert keys(source, "txn", NEXT) == ["empty-known-at", "late", "odd-date", "odd-known-at"]


def test_an_instant_in_another_zone_belongs_to_its_bank_day(bank: MakeSource) -> None:
    columns = ("contact_id", "client_id", "staff_id", "occurred_at", "kind", "known_at")
    source = bank(
        f"create table contact ({', '.join(f'{name} text' for name in columns)})",
        # 01:00 on 31 March in Shanghai, known an hour later: before the former night's cut-off, and not of its day
        "insert into contact values"
        " ('X1', 'C1', 'S1', '2026-03-30 17:00:00+00:00', 'visit', '2026-03-30 18:00:00+00:00')",
    )
    assert keys(source, "contact", NEXT) == ["X1"]
    assert keys(source, "contact", Selection(until=D - ONE_DAY)) == []


def test_cells_come_as_they_are(bank: MakeSource) -> None:
    name = 'a "b", c\n中文'
    source = bank(
        TXN.format(date="text", amount="numeric") + ", is_returned boolean, memo text, channel text)",
        f"insert into txn values ('T1', 'A1', '2026-03-31', 'C', 1234567.89, true, '{name}', '')",
        "insert into txn values ('T2', null, '2026-03-31', 'D', 0.1, false, null, 'x')",
    )
    rows = {row["txn_id"]: row for row in read(source, "txn", FIRST)}
    assert (rows["T1"]["amount"], rows["T1"]["memo"], rows["T1"]["channel"]) == ("1234567.89", name, "")
    assert rows["T1"]["is_returned"] in ("1", "t", "true")
    assert (rows["T2"]["account_id"], rows["T2"]["memo"]) == (None, None)
    assert rows["T2"]["amount"] in ("0.1", "0.10")


def test_a_view_will_do_and_what_is_missing_is_named(bank: MakeSource) -> None:
    source = bank(
        "create table t (branch_id text, name text, region text, more text)",
        "insert into t values ('B1', 'one', null, 'x')",
        "create view branch as select * from t",
        "create view staff as select branch_id as staff_id, branch_id, name from t",
    )
    assert source.columns(contract()["branch"]) == ["branch_id", "name", "region"]
    assert read(source, "branch", FIRST) == [{"branch_id": "B1", "name": "one", "region": None}]
    assert source.columns(contract()["survey"]) is None
    with pytest.raises(SourceError, match="lacks the required column role"):
        source.columns(contract()["staff"])
    with pytest.raises(SourceError, match="the required table 'client' is missing"):
        source.columns(contract()["client"])


def test_a_materialised_view_in_another_schema_of_the_search_path_will_do(empty_database: str) -> None:
    engine = create_engine(empty_database)
    with engine.begin() as connection:
        connection.execute(text("create schema bank"))
        connection.execute(text("create materialized view bank.branch as select 'B1' as branch_id, 'one' as name"))
    engine.dispose()
    source = open_source(f"{empty_database}?options=-csearch_path%3Dpublic,bank", "contract", SHANGHAI)
    assert read(source, "branch", FIRST) == [{"branch_id": "B1", "name": "one"}]


def test_a_row_of_one_empty_cell_is_still_a_row(empty_database: str) -> None:
    engine = create_engine(empty_database)
    with engine.begin() as connection:
        connection.execute(text("create table collateral as select unnest(array['K1', null, 'K2']) as collateral_id"))
    engine.dispose()
    rows = read(open_source(empty_database, "contract", SHANGHAI), "collateral", FIRST)
    assert [row["collateral_id"] for row in rows] == ["K1", None, "K2"]


def test_a_float_that_is_no_number_is_text_for_the_checks(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'bank.db'}"
    with create_engine(url).begin() as connection:
        connection.execute(text("create table branch (branch_id text, name real)"))
        connection.execute(text("insert into branch values ('B1', 9e999)"))
    assert read(open_source(url, "contract", SHANGHAI), "branch", FIRST) == [{"branch_id": "B1", "name": "inf"}]


def land(source: Source, name: str, lake: Path) -> None:
    table = contract()[name]
    write_batch(str(lake), f"landing/{name}", D, source.stream(table, source.columns(table) or [], FIRST), "attempt")


def test_a_source_that_breaks_off_is_the_sources_fault_and_leaves_nothing_in_the_lake(
    empty_database: str, tmp_path: Path
) -> None:
    with create_engine(empty_database).begin() as connection:
        connection.execute(
            text(
                "create view branch as select cast(i as text) as branch_id, cast(1 / (90000 - i) as text) as name"
                " from generate_series(1, 100000) as t (i)"
            )
        )
    with pytest.raises(SourceError, match=r"failed while reading 'branch' \(division by zero\)") as said:
        land(open_source(empty_database, "contract", SHANGHAI), "branch", tmp_path / "lake")
    assert "\n" not in str(said.value)
    assert batches_in(str(tmp_path / "lake"), "landing/branch") == set()


def test_a_truncated_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "bank.db"
    with create_engine(f"sqlite:///{file}").begin() as connection:
        connection.execute(text("create table branch (branch_id text, name text)"))
        rows = [{"i": f"B{i}", "n": "x" * 200} for i in range(20_000)]
        connection.execute(text("insert into branch values (:i, :n)"), rows)
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    with pytest.raises(SourceError, match="failed while reading 'branch'"):
        land(open_source(f"sqlite:///{file}", "contract", SHANGHAI), "branch", tmp_path / "lake")
