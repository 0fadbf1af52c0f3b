"""What the demo bank tells of contact and care: each story leaves in its tables what a page can show of it."""

import sqlite3
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from nightdesk_lab.demo_bank import generate

_LAST = "2026-03-31"


def newest(table: str, key: str) -> str:
    return f"(select *, row_number() over (partition by {key} order by known_at desc) as n from {table}) where n = 1"


@pytest.fixture(scope="module")
def crew(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """A bank of two branches: whoever leaves or is away has colleagues there."""
    file = tmp_path_factory.mktemp("crew") / "bank.db"
    sizes = {"clients": 200, "branches": 2, "projects": 0, "months": 6, "txn_per_client": 5}
    generate(f"sqlite:///{file}", until=date.fromisoformat(_LAST), **sizes)
    connection = sqlite3.connect(file)
    yield connection
    connection.close()


def test_given_clients_that_leave_then_nobody_had_spoken_with_some_of_them_for_months(bank: Any) -> None:
    rows = bank.rows(
        "select c.client_id, julianday(c.closed_date) - julianday(max(k.occurred_at)) from"
        f" (select * from {newest('client', 'client_id')}) c join contact k on k.client_id = c.client_id"
        " where c.closed_date is not null and k.occurred_at < c.closed_date group by c.client_id"
    )
    silent = [days for _, days in rows if days is not None and days >= 140]
    assert len(silent) >= 2
    assert len(silent) < len(rows), "of others it was"


def test_given_clients_that_were_met_or_that_answered_then_none_of_them_was_not_reached(bank: Any) -> None:
    rows = bank.rows("select distinct channel, two_way from contact where outcome = 'no_answer'")
    assert rows, "some calls and messages reach nobody"
    assert all(channel != "meeting" and not two_way for channel, two_way in rows)


def test_given_promises_that_were_due_then_some_are_kept_and_some_are_not(bank: Any) -> None:
    rows = bank.rows(f"select kept_on from {newest('promise', 'promise_id')} and due_on <= ?", _LAST)
    assert {kept is None for (kept,) in rows} == {True, False}


def test_given_a_person_on_leave_on_the_last_day_then_a_deputy_is_named(crew: sqlite3.Connection) -> None:
    away = crew.execute("select deputy_id from absence where from_on <= ? and to_on >= ?", (_LAST, _LAST)).fetchall()
    assert any(deputy for (deputy,) in away)


def test_given_a_manager_who_left_then_the_team_tells_from_whom_to_whom_and_the_register_who_left(
    crew: sqlite3.Connection,
) -> None:
    team = newest("client_team", "client_id, staff_id, valid_from")
    rows = crew.execute(
        "select distinct w.staff_id, now.staff_id, w.valid_to, s.active_to from"
        f" (select * from {team}) w join (select * from {team}) now"
        " on now.client_id = w.client_id and now.valid_from = w.valid_to"
        f" join (select * from {newest('client', 'client_id')}) c"
        " on c.client_id = w.client_id and c.rm_id = now.staff_id"
        " join staff s on s.staff_id = w.staff_id where w.valid_to is not null"
    ).fetchall()
    ((was, now, handed, left),) = rows
    assert was != now
    assert handed == left < _LAST


def test_given_salons_then_many_clients_of_a_branch_came_to_the_head_on_one_day_of_a_month(bank: Any) -> None:
    rows = bank.rows(
        "select substr(occurred_at, 1, 10), staff_id, count(*) from contact where kind = 'salon'"
        " and occurred_at like '%15:00:00%' group by 1, 2"
    )
    assert max(count for *_, count in rows) >= 2
    assert {day[8:10] for day, *_ in rows} <= {f"{day:02d}" for day in range(17, 28)}
    heads = {staff for (staff,) in bank.rows("select staff_id from staff where role = 'branch_head'")}
    assert {staff for _, staff, _ in rows} <= heads


def test_given_reports_of_checks_then_some_copy_the_one_before_and_most_do_not(bank: Any) -> None:
    rows = bank.rows(
        "select loan_id, count(*), count(distinct judgement) from check_report group by loan_id having count(*) = 2"
    )
    copied = [loan for loan, _, judgements in rows if judgements == 1]
    assert 0 < len(copied) < len(rows) / 2


def test_given_draws_then_some_were_checked_in_time_and_some_never(bank: Any) -> None:
    rows = bank.rows(
        "select d.disbursement_id, min(julianday(k.occurred_at) - julianday(d.drawn_on)) from disbursement d"
        " join (select distinct loan_id, client_id from loan) l on l.loan_id = d.loan_id"
        " left join contact k on k.client_id = l.client_id and k.kind = 'post_loan'"
        " and substr(k.occurred_at, 1, 10) >= d.drawn_on"
        " where d.drawn_on between '2025-06-01' and '2026-03-01' group by d.disbursement_id"
    )
    in_time = [days for _, days in rows if days is not None and days < 16]
    skipped = [days for _, days in rows if days is None or days >= 16]
    assert skipped
    assert len(in_time) > 5 * len(skipped)


def test_given_announced_draws_then_some_name_the_borrower_itself_and_one_of_them_is_waived(bank: Any) -> None:
    draws = bank.rows(
        "select d.request_id, d.payee_id = l.client_id from draw_request d"
        " join (select distinct loan_id, client_id from loan) l on l.loan_id = d.loan_id"
    )
    own = {request for request, is_own in draws if is_own}
    waived = {key.partition(":")[0] for (key,) in bank.rows("select subject_key from decision where subject = 'draw'")}
    assert waived
    assert waived < own < {request for request, _ in draws}
