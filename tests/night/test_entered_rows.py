"""Rows that people enter at the desk: landing rows beside the bank's own, for the nights whose cut-off had come."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hand_bank import Bank, D, days_back, ten_clients, write_sqlite
from night_runs import publish_night
from sqlalchemy import text

from nightdesk.attempt.inputs import Inputs
from nightdesk.attempt.night_engine import night_engine
from nightdesk.attempt.opening import resume_night
from nightdesk.desk import audit, entries
from nightdesk.desk.audit import Act
from nightdesk.desk.database import open_desk
from nightdesk.desk.entries import Door
from nightdesk.desk.ledger import feeds_of
from nightdesk.entering.row import read_row
from nightdesk.errors import Refused
from nightdesk.night.whole import NightResult, run_night
from nightdesk.ranges.backfilling import run_backfill
from nightdesk.settings import Settings

ZONE = ZoneInfo("Asia/Shanghai")
#: the usual cut-off of D, and the two sides of it
CUT_OFF = datetime.datetime(2026, 4, 1, 5, 0, tzinfo=ZONE)
JUST = datetime.timedelta(microseconds=1)
NEED = {"need_id": "N1", "client_id": "C01", "raised_on": str(D), "kind": "green", "amount": "1000000.00"}
Enter = Callable[..., bool]


@pytest.fixture
def enter(eve: Settings, monkeypatch: pytest.MonkeyPatch) -> Enter:
    """Enter a row of a table at an instant."""

    def at_once(table: str, cells: dict[str, Any], at: datetime.datetime, by: str = "S1") -> bool:
        row = read_row(table, cells, ZONE)
        monkeypatch.setattr(audit, "now", lambda: at.astimezone(datetime.UTC))
        door = Door("contract", by, "test")
        act = Act("entered", by, table, row.row_key, "contract")
        with open_desk(eve).begin() as connection:
            return entries.enter(connection, door, table, row.row_key, row.cells, act)

    return at_once


def used(settings: Settings, night: NightResult, table: str, columns: str) -> list[dict[str, Any]]:
    with night_engine(found := resume_night(settings, night.publication.attempt_id)) as engine:
        Inputs(found, engine).source(table)
        return engine.rows(f"select {columns} from source.{table} order by all")


def feed(settings: Settings, night: NightResult, table: str) -> dict[str, Any]:
    with open_desk(settings).connect() as connection:
        return next(row for row in feeds_of(connection, night.publication.attempt_id) if row["table_name"] == table)


def bank_with(tmp_path: Path, **tables: list[dict[str, Any]]) -> str:
    bank: Bank = {**ten_clients(), **tables}
    return write_sqlite(bank, tmp_path / "bank.db")


def test_given_rows_on_both_sides_of_the_cut_off_then_a_night_sees_those_entered_by_it_and_no_other(
    eve: Settings, enter: Enter, tmp_path: Path
) -> None:
    """Given a table that the bank has not, a row entered at the cut-off and one just after it."""
    enter("need", NEED, CUT_OFF)
    enter("need", {**NEED, "need_id": "N2"}, CUT_OFF + JUST)
    night = publish_night(eve, D, bank_with(tmp_path))
    assert used(eve, night, "need", "need_id, client_id, amount")[0]["need_id"] == "N1"
    assert len(used(eve, night, "need", "need_id")) == 1
    found = feed(eve, night, "need")
    assert found["is_supplied"]
    assert set(found["columns_supplied"].split(",")) == {*NEED, "known_at"}
    assert found["is_point_in_time"]


@pytest.mark.long
def test_given_nobody_entered_a_row_then_a_table_that_the_bank_has_not_is_not_supplied(
    eve: Settings, enter: Enter, tmp_path: Path
) -> None:
    enter("need", NEED, CUT_OFF + JUST)
    night = publish_night(eve, D, bank_with(tmp_path))
    assert not feed(eve, night, "need")["is_supplied"]


@pytest.mark.long
def test_given_a_published_night_when_it_is_replayed_after_more_was_entered_then_it_sees_what_it_saw(
    eve: Settings, enter: Enter, tmp_path: Path
) -> None:
    """A replay reads the landing; one that asks anew sees what that night's cut-off allows: both the same."""
    source = bank_with(tmp_path)
    enter("need", NEED, CUT_OFF - JUST)
    first = run_night(eve, D, source=source)
    before = used(eve, first, "need", "*")
    enter("need", {**NEED, "amount": "2.00"}, CUT_OFF + JUST)
    (replayed,) = run_backfill(eve, D, D, reason="again")
    assert used(eve, replayed, "need", "*") == before
    (reread,) = run_backfill(eve, D, D, reason="anew", is_rereading=True, source=source)
    assert used(eve, reread, "need", "*") == before
    later = datetime.datetime(2026, 4, 1, 12, tzinfo=ZONE)
    (again,) = [run_night(eve, D, source=source, known_at=later)]
    assert [str(row["amount"]) for row in used(eve, again, "need", "amount")] == ["2.00"]


def test_given_a_row_of_the_banks_key_then_the_newest_known_one_counts_and_contradictions_of_one_instant_do_not(
    eve: Settings, enter: Enter, tmp_path: Path
) -> None:
    """Given four needs of the bank: known before the desk's, after it, at the same instant, and nobody knows when."""
    at = CUT_OFF - datetime.timedelta(hours=2)
    known = {"N1": at - JUST, "N2": at + JUST, "N3": at, "N4": None, "N5": None}
    rows = [
        {**NEED, "need_id": key, "amount": "1.00", "known_at": str(when) if when else None}
        for key, when in known.items()
    ]
    for key in ("N1", "N2", "N3", "N4"):
        enter("need", {**NEED, "need_id": key, "amount": "2.00"}, at)
    night = publish_night(eve, D, bank_with(tmp_path, need=rows))
    seen = {row["need_id"]: str(row["amount"]) for row in used(eve, night, "need", "need_id, amount")}
    assert seen == {"N1": "2.00", "N2": "1.00", "N4": "2.00", "N5": "1.00"}
    found = feed(eve, night, "need")
    assert found["rows_quarantined"] == 2, "N3 contradicts itself"
    assert not found["is_point_in_time"], "what the bank does not date stays undated"


@pytest.mark.long
def test_given_daily_facts_when_one_is_entered_and_corrected_then_later_nights_hold_the_newest(
    eve: Settings, enter: Enter, tmp_path: Path
) -> None:
    contact = {"contact_id": "K1", "client_id": "C01", "staff_id": "S1", "kind": "fixed"}
    own = {**contact, "contact_id": "K0", "occurred_at": f"{days_back(2)} 10:00:00", "outcome": "met"}
    source = bank_with(tmp_path, contact=[own])
    said = {**contact, "occurred_at": f"{D} 10:00:00"}
    enter("contact", {**said, "outcome": "no answer"}, CUT_OFF - JUST)
    first = run_night(eve, D, source=source)
    columns = "contact_id, outcome"
    assert {r["contact_id"]: r["outcome"] for r in used(eve, first, "contact", columns)} == {
        "K0": "met",
        "K1": "no answer",
    }
    enter("contact", {**said, "outcome": "agreed"}, CUT_OFF + JUST)
    next_day = D + datetime.timedelta(days=1)
    second = run_night(eve, next_day, source=source)
    assert {r["contact_id"]: r["outcome"] for r in used(eve, second, "contact", columns)} == {
        "K0": "met",
        "K1": "agreed",
    }
    third = run_night(eve, next_day + datetime.timedelta(days=1), source=source)
    assert len(used(eve, third, "contact", columns)) == 2
    assert feed(eve, third, "contact")["rows_in"] == 0, "what is held is not new again"


@pytest.mark.long
def test_given_a_parent_that_no_night_knows_then_the_entered_row_is_quarantined_like_any_other(
    eve: Settings, enter: Enter, tmp_path: Path
) -> None:
    enter("need", {**NEED, "client_id": "nobody"}, CUT_OFF)
    night = publish_night(eve, D, bank_with(tmp_path))
    assert feed(eve, night, "need")["rows_quarantined"] == 1


def test_given_the_same_row_twice_then_it_is_entered_once(eve: Settings, enter: Enter) -> None:
    assert enter("need", NEED, CUT_OFF)
    assert not enter("need", NEED, CUT_OFF + JUST)
    assert enter("need", {**NEED, "amount": "5.00"}, CUT_OFF - JUST), "a clock that was set back"
    with open_desk(eve).connect() as connection:
        at = list(connection.scalars(text("select entered_at from entry order by entry_id")))
        assert connection.scalar(text("select count(*) from audit where act = 'entered'")) == 2
    assert at[1] > at[0], "the later row is the newer one all the same"


@pytest.mark.parametrize(
    ("table", "changed", "why"),
    [
        ("nowhere", {}, "there is no such contract table"),
        ("txn", {}, "held to the bank's totals"),
        ("control_total", {}, "held to the bank's totals"),
        ("need", {"colour": "red"}, "there is no column colour"),
        ("need", {"client_id": " "}, "client_id is missing"),
        ("need", {"raised_on": "2026-02-30"}, "raised_on is not of its type"),
        ("need", {"amount": "1.005"}, "amount is not of its type"),
        ("need", {"by_when": "soon"}, "by_when is not of its type"),
        ("need", {"need_id": "N\x001"}, "need_id .unprintable character. is not of its type"),
        ("need", {"kind": "castle"}, "kind is not on its list"),
        ("need", {"amount": "-1.00"}, "amount lies outside its range"),
    ],
)
def test_given_a_row_that_a_night_would_hold_back_then_the_door_refuses_it_in_a_line_without_its_cells(
    table: str, changed: dict[str, str], why: str
) -> None:
    with pytest.raises(Refused, match=why) as refused:
        read_row(table, {**NEED, **changed}, ZONE)
    for cell in changed.values():
        assert len(cell) < 4 or cell not in str(refused.value)


def test_given_a_good_row_then_its_key_is_what_nights_write() -> None:
    cells: dict[str, str | None] = {"task_key": "T1", "status": "done", "done_at": "2026-03-31 10:00:00+08:00"}
    row = read_row("task_feedback", {**cells, "note": " "}, ZONE)
    assert row.row_key == "T1|2026-03-31 10:00:00"
    assert row.cells == cells
