"""The audit trail: a chain that one writer after the other extends, that is only added to, and shows every change."""

import datetime
import hashlib
import re
import threading
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from nightdesk.desk import audit, backfills
from nightdesk.desk.audit import ORIGIN, Act, Code, Row
from nightdesk.desk.database import open_desk
from nightdesk.errors import StoreError, UsageError
from nightdesk.settings import Settings

D = datetime.date(2026, 3, 31)
CODE = Code("policy-1", "1.0", "abc")


@pytest.fixture
def desk(desk_database: str, tmp_path: Path) -> Engine:
    return open_desk(Settings(home=tmp_path, desk_url=desk_database))


def add(desk: Engine, number: int) -> None:
    with desk.begin() as connection:
        act = Act(
            "decided", f"人{number}", "episode", f"E{number}", "contract", D, 1, {"note": 'a "quoted"\nnote'}, CODE
        )
        audit.record(connection, act)


def verified(desk: Engine, expected: tuple[int, str] | None = None) -> tuple[int, str]:
    with desk.connect() as connection:
        return audit.verify(connection, expected)


@pytest.fixture
def five(desk: Engine) -> Engine:
    for number in range(1, 6):
        add(desk, number)
    return desk


def as_intruder(desk: Engine, *statements: str) -> None:
    """What somebody does who has taken the triggers away, and puts them back."""
    with desk.begin() as connection:
        for table in ("audit", "audit_head"):
            connection.execute(text(f"alter table {table} disable trigger user"))
        for statement in statements:
            connection.execute(text(statement))
        for table in ("audit", "audit_head"):
            connection.execute(text(f"alter table {table} enable trigger user"))


def test_given_acts_then_the_trail_says_all_of_them_in_order_and_is_whole(five: Engine) -> None:
    assert verified(five)[0] == 5
    with five.connect() as connection:
        rows = audit.rows(connection, act="decided")
        assert audit.rows(connection, act="sent") == audit.rows(connection, profile="other") == []
        later = rows[2].at
        assert [row.seq for row in audit.rows(connection, first=later)] == [3, 4, 5]
        assert [row.seq for row in audit.rows(connection, before=later)] == [1, 2]
    assert [(row.seq, row.who) for row in rows] == [(n, f"人{n}") for n in range(1, 6)]
    assert (rows[0].policy_version, rows[0].code_version, rows[0].code_commit) == ("policy-1", "1.0", "abc")
    assert rows[0].previous_hash == audit.ORIGIN
    assert rows[1].previous_hash == rows[0].hash


def test_given_the_first_row_then_its_hash_is_that_of_the_text_which_trails_of_before_were_hashed_by() -> None:
    at = datetime.datetime(2026, 4, 1, 8, 0, 0, 250, tzinfo=datetime.timezone(datetime.timedelta(hours=8)))
    detail = audit.canonical({"n": 1, "by": D, "at": None, "whom": "人"})
    row = Row(1, at, "contract", "sent", "S1", "list", "B1", D, None, detail, "p", "1.0", "abc", ORIGIN, "")
    said = (
        '{"act":"sent","at":"2026-04-01T00:00:00.000250+00:00","business_date":"2026-03-31","code_commit":"abc",'
        '"code_version":"1.0","detail":"{\\"at\\":null,\\"by\\":\\"2026-03-31\\",\\"n\\":1,\\"whom\\":\\"人\\"}",'
        f'"policy_version":"p","previous_hash":"{"0" * 64}","profile":"contract","revision":null,"seq":1,'
        '"subject":"list","subject_key":"B1","who":"S1"}'
    )
    assert row.said() == said
    assert row.hashed() == hashlib.sha256(("0" * 64 + "\n" + said).encode()).hexdigest()
    with pytest.raises(TypeError, match="Decimal has no place in the audit trail"):
        audit.canonical({"amount": Decimal(1)})


def test_given_no_act_then_the_trail_is_whole_and_empty(desk: Engine) -> None:
    assert verified(desk) == (0, audit.ORIGIN)


@pytest.mark.parametrize(
    "statement",
    [
        "update audit set who = 'somebody' where seq = 3",
        "delete from audit where seq = 3",
        "truncate audit",
        "update entry set entered_by = 'somebody'",
        "delete from entry",
        "truncate entry",
        "update audit_head set seq = 2",
        "update audit_head set seq = 5, hash = 'x'",
        "update audit_head set seq = 7",
        "delete from audit_head",
        "truncate audit_head",
    ],
)
def test_given_the_role_that_writes_when_it_changes_or_removes_a_row_then_the_database_refuses(
    five: Engine, statement: str
) -> None:
    with pytest.raises(DBAPIError, match=r"only added|only moves on"), five.begin() as connection:
        connection.execute(text(statement))
    assert verified(five)[0] == 5


@pytest.mark.parametrize(
    "column",
    [
        "at",
        "profile",
        "act",
        "who",
        "subject",
        "subject_key",
        "business_date",
        "revision",
        "detail",
        "policy_version",
        "code_version",
        "code_commit",
    ],
)
def test_given_a_row_that_was_changed_then_it_is_found_whatever_was_changed_of_it(five: Engine, column: str) -> None:
    new = {
        "at": "at + interval '1 microsecond'",
        "business_date": "null",
        "revision": "2",
    }.get(column, f"{column} || 'x'")
    as_intruder(five, f"update audit set {column} = {new} where seq = 3")
    with pytest.raises(StoreError, match="broken at row 3: row 3 is not what was written"):
        verified(five)


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        (["delete from audit where seq = 3"], "broken at row 3: row 3 is gone: after row 2 comes row 4"),
        (["delete from audit where seq = 1"], "broken at row 1: row 1 is gone: after row 0 comes row 2"),
        (["delete from audit where seq >= 4"], "broken at row 4: row 4 is gone: the trail went on to row 5"),
        (["delete from audit"], "broken at row 1: row 1 is gone: the trail went on to row 5"),
        (
            [
                "update audit set seq = seq + 100 where seq >= 3",
                "insert into audit select 3, at, profile, act, 'intruder', subject, subject_key, business_date,"
                " revision, detail, policy_version, code_version, code_commit, previous_hash, 'x' from audit"
                " where seq = 103",
                "update audit set seq = seq - 99 where seq >= 103",
            ],
            "broken at row 3: row 3 is not what was written",
        ),
        (
            [
                "insert into audit select 6, at, profile, act, 'intruder', subject, subject_key, business_date,"
                " revision, detail, policy_version, code_version, code_commit, hash, repeat('0', 64) from audit"
                " where seq = 5"
            ],
            "broken at row 6: row 6 is not what was written",
        ),
        (["update audit set hash = repeat('0', 64) where seq = 2"], "broken at row 2: row 2 is not what was written"),
        (["delete from audit_head"], "broken at row 1: row 1 was added past the trail's end"),
    ],
)
def test_given_a_row_that_was_removed_or_put_in_then_the_first_broken_one_is_named(
    five: Engine, statements: list[str], said: str
) -> None:
    as_intruder(five, *statements)
    with pytest.raises(StoreError, match=re.escape(said)):
        verified(five)


def test_given_an_end_noted_elsewhere_when_the_whole_rest_was_written_anew_then_it_is_found(five: Engine) -> None:
    with five.connect() as connection:
        third = audit.rows(connection)[2]
    noted = (third.seq, third.hash)
    assert verified(five, noted)[0] == 5
    assert verified(five, (0, audit.ORIGIN))[0] == 5
    as_intruder(five, "delete from audit", "delete from audit_head")
    for number in range(1, 8):
        add(five, number)
    assert verified(five)[0] == 7, "by itself it is whole"
    with pytest.raises(StoreError, match="broken at row 3: row 3 is not the one that was noted"):
        verified(five, noted)
    assert audit.noted(f"3:{third.hash}") == noted
    for wrong in ("3", f"x:{third.hash}", "3:abc", f"3:{'g' * 64}"):
        with pytest.raises(UsageError, match="is no end of the audit trail"):
            audit.noted(wrong)


def test_given_many_writers_at_once_then_no_two_follow_the_same_row(desk: Engine) -> None:
    def work(who: int) -> None:
        for number in range(6):
            add(desk, 100 * who + number)

    threads = [threading.Thread(target=work, args=(who,)) for who in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert verified(desk)[0] == 24


def test_given_an_act_that_is_undone_then_it_leaves_no_row_and_the_next_one_follows(five: Engine) -> None:
    with five.connect() as connection:
        audit.record(connection, Act("decided", "x", "episode", "E", "contract"))
        connection.rollback()
    add(five, 6)
    assert verified(five)[0] == 6


def test_given_a_backfill_then_its_beginning_and_its_end_are_acts_with_who_and_why(desk: Engine) -> None:
    backfill_id = backfills.begin(desk, "contract", D, D, "late file", True, "Chen", code=CODE)
    backfills.end(desk, backfill_id, "stopped", "0 of 1 nights")
    with desk.connect() as connection:
        first, last = audit.rows(connection)
    assert (first.act, first.who, first.policy_version, first.code_commit) == ("backfilled", "Chen", "policy-1", "abc")
    assert '"reason":"late file"' in first.detail
    assert (last.act, last.who, last.subject_key) == ("backfill_stopped", "Chen", str(backfill_id))
