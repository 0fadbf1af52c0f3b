"""The same arguments give the same bank; a failure leaves the database as it was; PostgreSQL and SQLite agree."""

import hashlib
import os
import sqlite3
import subprocess
import sys
from datetime import date
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from nightdesk.contract import contract
from nightdesk.errors import SourceError, UsageError
from nightdesk_lab.demo_bank import generate
from nightdesk_lab.demo_bank.bankwide import bank_frames
from nightdesk_lab.demo_bank.plan import make_plan
from nightdesk_lab.demo_bank.sink import Sink, _AnyTarget, bank_metadata

SMALL = {"clients": 14, "months": 4, "until": date(2026, 3, 31), "branches": 3, "txn_per_client": 40}


def _hashes(file):
    with sqlite3.connect(file) as db:
        return {
            name: hashlib.sha256(repr(db.execute(f'select * from "{name}"').fetchall()).encode()).hexdigest()
            for name in contract()
        }


def test_given_the_same_arguments_when_made_twice_then_all_tables_are_equal(tmp_path):
    first, second = tmp_path / "one.db", tmp_path / "two.db"
    generate(f"sqlite:///{first}", **SMALL, truth=tmp_path / "one.csv", dirt_file=tmp_path / "one.json")
    call = (
        "from datetime import date; from pathlib import Path; from nightdesk_lab.demo_bank import generate;"
        f"generate('sqlite:///{second}', **{SMALL!r}, truth=Path('{tmp_path / 'two.csv'}'),"
        f"dirt_file=Path('{tmp_path / 'two.json'}'))"
    ).replace("datetime.date", "date")
    root = Path(__file__).parents[2] / "plugins"
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": str(root), "TZ": "America/New_York"}
    subprocess.run([sys.executable, "-c", call], check=True, env=environment)
    assert _hashes(first) == _hashes(second)
    for kind in ("csv", "json"):
        assert (tmp_path / f"one.{kind}").read_bytes() == (tmp_path / f"two.{kind}").read_bytes()


def test_given_another_seed_then_the_bank_is_another(tmp_path):
    generate(f"sqlite:///{tmp_path / 'a.db'}", **SMALL)
    generate(f"sqlite:///{tmp_path / 'b.db'}", **SMALL, seed=2)
    one, other = _hashes(tmp_path / "a.db"), _hashes(tmp_path / "b.db")
    assert one["txn"] != other["txn"]
    assert one["calendar_day"] == other["calendar_day"]


def test_given_a_bank_of_yesterday_when_made_again_then_only_the_new_rows_remain(tmp_path):
    file = tmp_path / "bank.db"
    generate(f"sqlite:///{file}", **{**SMALL, "clients": 20})
    generate(f"sqlite:///{file}", **SMALL)
    assert sqlite3.connect(file).execute("select count(distinct client_id) from client").fetchone() == (14,)


def test_given_a_failure_on_the_way_then_the_database_is_as_it_was(tmp_path):
    file = tmp_path / "bank.db"
    generate(f"sqlite:///{file}", **SMALL)
    before = _hashes(file)

    def interrupt(_stage, _done, _total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        generate(f"sqlite:///{file}", **{**SMALL, "clients": 20}, progress=interrupt)
    assert _hashes(file) == before


def test_given_postgresql_then_it_holds_the_same_rows_as_sqlite(tmp_path, empty_database):
    file = tmp_path / "bank.db"
    lite, server = generate(f"sqlite:///{file}", **SMALL), generate(empty_database, **SMALL)
    assert server.rows == lite.rows
    with (
        psycopg.connect(sa.make_url(empty_database).set(drivername="postgresql").render_as_string(False)) as there,
        sqlite3.connect(file) as here,
    ):
        for statement in (
            "select txn_id, account_id, cast(booked_on as text), round(amount * 1000), counterparty_name, memo from txn"
            " order by 1, 4, known_at",
            "select loan_id, cast(due_date as text), kind, round(paid_amt * 100), cast(paid_on as text) from instalment"
            " order by 1, 2, 3, known_at, 5",
            "select cast(day as text), source from calendar_day order by 1",
        ):
            assert [tuple(map(_plain, row)) for row in there.execute(statement)] == [
                tuple(map(_plain, row)) for row in here.execute(statement)
            ]


def _plain(value):
    return value if value is None or isinstance(value, str) else int(value)


def test_given_another_database_then_rows_go_in_through_sqlalchemy():
    frames = bank_frames(make_plan(**SMALL, seed=1, projects=None))
    metadata = bank_metadata()
    with sa.create_engine("sqlite://").connect() as connection:
        metadata.create_all(connection)
        for name, rows in frames.items():
            _AnyTarget(connection, metadata).write(name, rows)
        table = metadata.tables["fx_rate"]
        stored = connection.execute(sa.select(table.c.ccy, table.c.business_date, table.c.rate)).all()
    expected = frames["fx_rate"].select(["ccy", "business_date", "rate"]).to_pylist()
    assert [tuple(row) for row in stored] == [tuple(row.values()) for row in expected]


def test_given_no_balance_asked_for_then_the_table_is_empty_and_has_no_totals(tmp_path):
    made = generate(f"sqlite:///{tmp_path / 'bank.db'}", **SMALL, with_balance=False)
    assert made.rows["balance"] == 0
    with sqlite3.connect(tmp_path / "bank.db") as db:
        assert db.execute("select distinct table_name from control_total order by 1").fetchall() == [
            ("instalment",),
            ("loan",),
            ("txn",),
        ]


@pytest.mark.parametrize("clients", [1, 2, 10])
def test_given_very_few_clients_then_there_is_a_bank_all_the_same(tmp_path, clients):
    made = generate(f"sqlite:///{tmp_path / 'bank.db'}", **{**SMALL, "clients": clients, "branches": 2})
    assert made.rows["client"] >= clients
    assert made.rows["txn"] > 0


def test_given_a_bank_without_projects_then_their_tables_are_empty(tmp_path):
    made = generate(f"sqlite:///{tmp_path / 'bank.db'}", **SMALL, projects=0)
    assert (made.rows["project"], made.rows["permit"]) == (0, 0)


def test_given_a_year_no_calendar_covers_then_days_are_provisional_there(tmp_path):
    generate(f"sqlite:///{tmp_path / 'bank.db'}", **{**SMALL, "until": date(2026, 12, 31)})
    with sqlite3.connect(tmp_path / "bank.db") as db:
        sources = db.execute(
            "select substr(day, 1, 4), group_concat(distinct source) from calendar_day group by 1"
        ).fetchall()
    assert dict(sources)["2026"] == "chinesecalendar"
    assert dict(sources)["2027"] == "provisional"


def test_given_an_unreachable_database_then_the_error_names_it_without_the_password():
    with pytest.raises(SourceError) as failure:
        generate("postgresql://someone:hidden@127.0.0.1:1/bank", **SMALL)
    assert "127.0.0.1" in failure.value.what
    assert "hidden" not in str(failure.value)
    assert failure.value.exit_code == 3


@pytest.mark.parametrize(
    "wrong",
    [{"clients": 0}, {"months": 1}, {"branches": 0}, {"projects": 15}, {"until": date(2040, 1, 1)}],
    ids=lambda wrong: next(iter(wrong)),
)
def test_given_sizes_that_make_no_bank_then_it_is_refused(tmp_path, wrong):
    with pytest.raises(UsageError):
        generate(f"sqlite:///{tmp_path / 'bank.db'}", **{**SMALL, **wrong})
    assert not (tmp_path / "bank.db").exists()


def test_given_no_url_then_it_is_refused():
    with pytest.raises(UsageError):
        Sink("nonsense", indexes=False)
