"""How two people of the demo bank work: a quarter that is filled in on its last evening, and trouble told of early."""

from datetime import date
from typing import Any

LAST_WORKDAY = "2026-03-31"


def test_given_a_quarters_last_evening_then_one_manager_enters_a_dozen_conversations_within_a_minute_with_one_word(
    bank: Any,
) -> None:
    entered = bank.rows(
        "select staff_id, count(*), count(distinct note_length), min(logged_at), max(logged_at) from contact where"
        f" kind = 'fixed' and substr(logged_at, 1, 10) = '{LAST_WORKDAY}' group by staff_id having count(*) >= 10"
    )
    ((who, conversations, lengths, first, last),) = entered
    assert (conversations, lengths, first[:16]) == (12, 1, last[:16])
    assert bank.value("select branch_id || role from staff where staff_id = ?", who) == "B002rm"
    closed = bank.rows(
        "select status, note, count(*) from task_feedback where staff_id = ? and substr(done_at, 1, 10) = ?"
        " group by status, note",
        who,
        LAST_WORKDAY,
    )
    assert [(status, count) for status, _, count in closed] == [("done", 12)], "all are answered in the same words"


def test_given_a_client_that_stops_paying_then_a_manager_told_of_unpaid_suppliers_weeks_before(bank: Any) -> None:
    told = bank.rows(
        "select o.client_id, o.observed_on, o.staff_id, min(i.due_date) from (select distinct client_id, observed_on,"
        " staff_id from observation where code = 'suppliers_unpaid' and observation_id like 'OB%900000') o join owed i"
        " using (client_id) where coalesce(i.paid_on > i.due_date, true) and i.due_date > o.observed_on"
        " group by 1, 2, 3"
    )
    assert len(told) == 1
    ((client, observed, who, unpaid),) = told
    assert 20 <= (date.fromisoformat(unpaid[:10]) - date.fromisoformat(observed[:10])).days <= 40
    assert who == bank.value("select max(rm_id) from client where client_id = ?", client)
