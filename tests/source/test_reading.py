"""What is read of a bank, the same from SQLite and from PostgreSQL: which rows, and exactly what stands in them."""

import datetime
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from bank_reading import ASKED, FIRST, NEXT, ONE_DAY, ROWS, SHANGHAI, TXN, D, MakeSource, keys, read, supplied, txns
from sqlalchemy import create_engine, text

from nightdesk.contract import contract
from nightdesk.errors import SourceError
from nightdesk.lake import batches_in, write_batch
from nightdesk.source import Selection, Source, open_source


@pytest.mark.parametrize("kind", ["text", "typed"])
def test_a_later_night_takes_its_day_and_what_came_to_light_since(bank: MakeSource, kind: str) -> None:
    source = bank(*txns(kind, *ROWS))
    assert keys(source, "txn", NEXT) == ASKED
    assert keys(source, "txn", FIRST) == sorted(key for key, *_ in ROWS if key != "tomorrow")


@pytest.mark.parametrize("kind", ["text", "typed"])
def test_rows_are_counted_by_day_of_those_known_by_an_instant_or_without_a_word_of_it(
    bank: MakeSource, kind: str
) -> None:
    source = bank(
        *txns(
            kind,
            ("before", "2026-03-01", "2026-03-01 09:00:00"),
            ("first", "2026-03-02", "2026-03-02 09:00:00"),
            ("by-then", "2026-03-02", "2026-03-25 09:00:00"),
            ("after", "2026-03-02", "2026-03-27 09:00:00"),
            ("unsaid", "2026-03-02", None),
            ("twice", "2026-03-03", None),
            ("twice", "2026-03-03", None),
            ("end", "2026-03-04", None),
            ("undated", None, None),
        )
    )
    known_by = datetime.datetime(2026, 3, 26, 5, tzinfo=SHANGHAI)
    with source.moment() as moment:
        counted = moment.count_by_day(contract()["txn"], datetime.date(2026, 3, 2), datetime.date(2026, 3, 4), known_by)
    assert counted == {datetime.date(2026, 3, 2): 3, datetime.date(2026, 3, 3): 2}


@pytest.mark.parametrize("kind", ["text", "typed"])
def test_without_a_look_back_the_days_after_the_former_night_are_asked_for(bank: MakeSource, kind: str) -> None:
    rows = [(f"{n}", f"2026-03-{n}", None) for n in (29, 30, 31)]
    assert keys(bank(*txns(kind, *rows)), "txn", replace(NEXT, lookback_from=None)) == ["31"]


@pytest.mark.parametrize("kind", ["text", "typed"])
def test_older_days_that_are_named_are_read_whole(bank: MakeSource, kind: str) -> None:
    days = [datetime.date(2026, 2, n) for n in (3, 4, 9)]
    rows = [(f"{n:02d}", f"2026-02-{n:02d}", "2026-02-10 09:00:00") for n in range(1, 12)]
    source = bank(*txns(kind, *rows))
    assert keys(source, "txn", replace(NEXT, days=tuple(days))) == ["03", "04", "09"]


def test_text_without_a_zone_is_bank_time_and_text_that_is_no_date_or_instant_is_read_for_the_checks(
    bank: MakeSource,
) -> None:
    source = bank(
        *txns(
            "text",
            ("late", "2026-03-20", "2026-03-26T05:00:01"),
            ("known-before", "2026-03-20", "2026-03-26 05:00:00"),
            ("empty-known-at", "2026-03-30", ""),
            ("odd-date", "31/03/2026", "2026-03-31 09:00:00"),
            ("odd-known-at", "2026-03-30", "yesterday"),
        )
    )
    assert keys(source, "txn", NEXT) == ["empty-known-at", "late", "odd-date", "odd-known-at"]


def test_a_text_that_names_no_day_of_the_calendar_is_read_for_the_checks_whatever_its_month(bank: MakeSource) -> None:
    source = bank(
        *txns(
            "text",
            ("february-30", "2020-02-30", None),
            ("leap-day", "2020-02-29", None),
            ("no-leap-day", "2019-02-29", None),
            ("of-a-century", "1900-02-29", None),
            ("of-a-leap-century", "2000-02-29", None),
            ("april-31", "2020-04-31", None),
            ("month-13", "2020-13-01", None),
            ("long-ago", "2020-05-31", None),
        )
    )
    assert keys(source, "txn", NEXT) == ["april-31", "february-30", "month-13", "no-leap-day", "of-a-century"]


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


def test_an_older_day_that_is_named_is_the_banks_whatever_zone_its_instants_are_written_in(bank: MakeSource) -> None:
    columns = [*contract()["contact"].required_columns, "known_at"]
    rows = (
        ("X1", "2026-02-03 16:00:00+00:00"),  # midnight of 4 February in Shanghai
        ("X2", "2026-02-05 00:59:59+09:00"),  # its last second
        ("X3", "2026-02-03 15:59:59+00:00"),
        ("X4", "2026-02-05 01:00:00+09:00"),
    )
    source = bank(
        f"create table contact ({', '.join(f'{name} text' for name in columns)})",
        *(
            f"insert into contact values ('{key}', 'C1', 'S1', '{at}', 'visit', '2026-02-06 18:00:00+00:00')"
            for key, at in rows
        ),
    )
    day = datetime.date(2026, 2, 4)
    assert keys(source, "contact", replace(NEXT, days=(day,))) == ["X1", "X2"]


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
    assert supplied(source, "branch") == ["branch_id", "name", "region"]
    assert read(source, "branch", FIRST) == [{"branch_id": "B1", "name": "one", "region": None}]
    assert supplied(source, "survey") is None
    with pytest.raises(SourceError, match="lacks the required column role"):
        supplied(source, "staff")
    with pytest.raises(SourceError, match="the required table 'client' is missing"):
        supplied(source, "client")


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


def test_rows_are_whole_where_blocks_meet_and_one_may_be_longer_than_a_block(
    empty_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nightdesk.source.postgres._BLOCK", 64)
    names = {f"B{n:02d}": f'a "name",\nof {n} lines\n' * n for n in range(1, 21)}
    engine = create_engine(empty_database)
    with engine.begin() as connection:
        connection.execute(text("create table branch (branch_id text, name text)"))
        rows = [{"key": key, "name": name} for key, name in names.items()]
        connection.execute(text("insert into branch values (:key, :name)"), rows)
    engine.dispose()
    found = read(open_source(empty_database, "contract", SHANGHAI), "branch", FIRST)
    assert {row["branch_id"]: row["name"] for row in found} == names


def test_a_float_that_is_no_number_is_text_for_the_checks(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'bank.db'}"
    with create_engine(url).begin() as connection:
        connection.execute(text("create table branch (branch_id text, name real)"))
        connection.execute(text("insert into branch values ('B1', 9e999)"))
    assert read(open_source(url, "contract", SHANGHAI), "branch", FIRST) == [{"branch_id": "B1", "name": "inf"}]


def land(source: Source, name: str, lake: Path) -> None:
    table = contract()[name]
    with source.moment() as bank:
        rows = bank.stream(table, bank.columns(table) or [], FIRST)
        write_batch(str(lake), f"landing/{name}", D, rows, "attempt")


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
    with pytest.raises(SourceError, match=r"failed while reading 'branch' \(division by zero \(22012\)\)") as said:
        land(open_source(empty_database, "contract", SHANGHAI), "branch", tmp_path / "lake")
    assert "\n" not in str(said.value)
    assert batches_in(str(tmp_path / "lake"), "landing/branch") == set()


@pytest.mark.parametrize("asked", ["counted", "whether it is empty"])
def test_a_row_that_cannot_be_read_is_never_quoted_even_where_rows_are_only(empty_database: str, asked: str) -> None:
    with create_engine(empty_database).begin() as connection:
        connection.execute(text("create table raw as select 'T1' as txn_id, '13912345678x' as said"))
        connection.execute(
            text(
                "create view txn as select txn_id, 'A1' as account_id, cast(said as date) as booked_on,"
                " 'C' as direction, 1.00 as amount from raw where cast(said as date) > '2026-01-01'"
            )
        )
    source = open_source(empty_database, "contract", SHANGHAI)
    table = contract()["txn"]
    known_by = datetime.datetime(2026, 4, 1, tzinfo=SHANGHAI)
    with source.moment() as moment:
        ask = {
            "counted": partial(moment.count_by_day, table, D, D + ONE_DAY, known_by),
            "whether it is empty": partial(moment.is_empty, table),
        }[asked]
        with pytest.raises(SourceError, match=r"'txn' \(.*\(2200.\)\)") as said:
            ask()
    assert "139" not in str(said.value)


@pytest.mark.parametrize("kind", ["varchar(20)", "char(20)", "text"])
def test_a_day_in_any_kind_of_text_is_compared_as_text(empty_database: str, kind: str) -> None:
    made = [
        TXN.format(date=kind, amount="numeric") + ")",
        "insert into txn values ('T1', 'A1', '2026-03-31', 'C', 1)",
        "insert into txn values ('T2', 'A1', 'none', 'C', 1)",
        "insert into txn values ('T3', 'A1', '2026-04-01', 'C', 1)",
    ]
    with create_engine(empty_database).begin() as connection:
        for statement in made:
            connection.execute(text(statement))
    assert keys(open_source(empty_database, "contract", SHANGHAI), "txn", FIRST) == ["T1", "T2"]


def test_a_truncated_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "bank.db"
    with create_engine(f"sqlite:///{file}").begin() as connection:
        connection.execute(text("create table branch (branch_id text, name text)"))
        rows = [{"i": f"B{i}", "n": "x" * 200} for i in range(20_000)]
        connection.execute(text("insert into branch values (:i, :n)"), rows)
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    with pytest.raises(SourceError, match="failed while reading 'branch'"):
        land(open_source(f"sqlite:///{file}", "contract", SHANGHAI), "branch", tmp_path / "lake")


def test_a_table_is_offered_or_not_and_empty_where_it_has_no_row_or_is_not_there(bank: MakeSource) -> None:
    source = bank(
        "create table branch (branch_id text, name text)",
        "create table collateral (collateral_id text)",
        "insert into collateral values ('K1')",
    )
    with source.moment() as moment:
        asked = [contract()[name] for name in ("branch", "collateral", "survey")]
        assert [moment.is_offered(table) for table in asked] == [True, True, False]
        assert [moment.is_empty(table) for table in asked] == [True, False, True]
        txn = contract()["txn"]
        assert moment.count_by_day(txn, D, D + ONE_DAY, datetime.datetime(2026, 4, 1, tzinfo=SHANGHAI)) == {}
