"""Needs whose whole story the demo bank tells: those that become a loan, and those that are lost to price."""

from datetime import date
from typing import Any

_NEWEST = "(select *, row_number() over (partition by {key} order by known_at desc) as n from {table}) where n = 1"
_NEEDS = _NEWEST.format(key="need_id", table="need")
_OFFERS = _NEWEST.format(key="offer_id", table="offer")


def test_given_a_need_that_becomes_a_loan_then_offer_acceptance_and_loan_follow_it_in_order(bank: Any) -> None:
    rows = bank.rows(
        "select n.raised_on, o.offered_on, o.outcome_on, n.closed_on, min(l.start_date), n.status, o.outcome, n.amount,"
        f" max(l.limit_amt) from (select * from {_NEEDS}) n join (select * from {_OFFERS}) o on o.offer_id ="
        " replace(n.need_id, 'NL', 'OL') join loan l on l.client_id = n.client_id and l.product = o.product and"
        " l.start_date > n.closed_on where n.need_id like 'NL%' group by n.need_id"
    )
    assert len(rows) >= 3
    for *days, status, outcome, asked, lent in rows:
        assert days == sorted(days)
        assert (status, outcome, asked <= lent) == ("won", "accepted", True)
    assert any((date(2026, 3, 31) - date.fromisoformat(row[4])).days > 365 for row in rows), "a year on"


def test_given_a_need_that_is_lost_to_price_then_its_offer_was_declined_before(bank: Any) -> None:
    rows = bank.rows(
        "select n.raised_on, o.offered_on, o.outcome_on, n.closed_on, n.status, n.lost_reason, o.outcome from"
        f" (select * from {_NEEDS}) n join (select * from {_OFFERS}) o on o.offer_id = replace(n.need_id, 'NP', 'OP')"
        " where n.need_id like 'NP%'"
    )
    assert len(rows) >= 3
    for *days, status, reason, outcome in rows:
        assert days == sorted(days)
        assert (status, reason, outcome) == ("lost", "price", "declined")


def test_given_a_need_to_replace_debt_then_it_names_a_loan_of_its_client_who_has_several(bank: Any) -> None:
    rows = bank.rows(
        f"select n.client_id = l.client_id, n.amount < l.limit_amt, (select count(distinct o.loan_id) from loan o where"
        f" o.client_id = n.client_id) from (select * from {_NEEDS}) n join (select distinct loan_id, client_id,"
        " limit_amt from loan) l on l.loan_id = n.refinances_loan_id where n.need_id like 'NR%'"
    )
    assert rows
    assert all(own and less and loans > 1 for own, less, loans in rows), rows


def test_given_a_need_to_buy_a_firm_then_it_asks_for_a_part_of_its_price_and_what_buys_nothing_has_none(
    bank: Any,
) -> None:
    rows = bank.rows(f"select amount, price_amt from (select * from {_NEEDS}) where need_id like 'NA%'")
    assert rows
    assert all(0 < amount < price for amount, price in rows), rows
    kinds = bank.rows(f"select kind, count(price_amt), count(*) from (select * from {_NEEDS}) group by kind")
    priced = {kind for kind, known, _ in kinds if known}
    assert priced == {"build", "acquisition", "equipment", "green"} & {kind for kind, _, _ in kinds}


def test_given_a_need_to_buy_a_firm_then_every_other_one_names_the_bond_that_repays_it(bank: Any) -> None:
    rows = bank.rows(
        "select take_out_kind, take_out_amt >= amount, take_out_on > by_when, count(*) from"
        f" (select * from {_NEEDS}) where need_id like 'NA%' group by 1, 2, 3"
    )
    named = sum(count for kind, *_, count in rows if kind is not None)
    assert {(kind, bool(covers), bool(later)) for kind, covers, later, _ in rows if kind is not None} == {
        ("bond", True, True)
    }
    assert named >= 1
    assert [row[:3] for row in rows if row[0] is None] in ([], [(None, None, None)])
