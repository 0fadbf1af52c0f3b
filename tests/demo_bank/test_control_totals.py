"""Control totals are those of the raw rows as of the cut-off, but for one that is broken on purpose."""

import pytest

_DAILY = {
    "txn": ("booked_on", "amount"),
    "balance": ("business_date", "eod_balance"),
}
_SNAPSHOTS = {"loan": ("loan_id", "outstanding_amt"), "instalment": ("loan_id, due_date, kind", "due_amt")}


def _stated(bank, table):
    rows = bank.rows(
        "select business_date, branch_id, ccy, row_count, cast(round(amount_sum * 100) as integer) from control_total"
        " where table_name = ?",
        table,
    )
    return {row[:3]: row[3:] for row in rows}


def _with_the_whole_bank(rows):
    """Sums by branch, and those of all rows, with and without a branch, under the branch None."""
    totals = {row[:3]: row[3:] for row in rows if row[1] is not None}
    for day, _, ccy, count, cents in rows:
        counted, summed = totals.get((day, None, ccy), (0, 0))
        totals[day, None, ccy] = (counted + count, summed + cents)
    return totals


@pytest.mark.parametrize("table", ["txn", "balance"])
def test_given_raw_rows_of_a_day_then_the_control_totals_are_their_sums(bank, table):
    day, amount = _DAILY[table]
    summed = bank.rows(
        f"select t.{day}, a.branch_id, t.ccy, count(*), cast(round(sum(t.{amount}) * 100) as integer) from {table} t"
        " left join (select account_id, max(branch_id) as branch_id from account group by 1) a using (account_id)"
        f" where t.known_at <= datetime(t.{day}, '+29 hours') group by 1, 2, 3"
    )
    raw = _with_the_whole_bank(summed)
    stated = _stated(bank, table)
    differing = {key for key in raw.keys() | stated.keys() if raw.get(key) != stated.get(key)}
    broken = bank.truth["broken_control_total"]
    assert {f"{table}|{'|'.join(map(str, key))}" for key in differing} == (
        set(broken["rows"]) if table == "txn" else set()
    )


@pytest.mark.parametrize("table", ["loan", "instalment"])
def test_given_snapshots_then_the_totals_are_those_of_the_newest_rows_known_by_the_cut_off(bank, table):
    key, amount = _SNAPSHOTS[table]
    summed = bank.rows(
        f"with days as (select distinct business_date as d from control_total where table_name = '{table}'),"
        f" seen as (select d, t.*, rank() over (partition by d, {key} order by known_at desc) as n from {table} t, days"
        " where known_at <= datetime(d, '+29 hours')) select d, c.branch_id, 'CNY', count(*),"
        f" cast(round(sum({amount}) * 100) as integer) from seen left join"
        " (select distinct loan_id, client_id from loan) l"
        " using (loan_id) left join (select distinct client_id, branch_id from client) c on c.client_id = l.client_id"
        " where n = 1 group by 1, 2"
    )
    assert _with_the_whole_bank(summed) == _stated(bank, table)


def test_given_a_demo_bank_then_one_total_is_broken_twenty_days_before_the_end(bank):
    assert bank.truth["broken_control_total"]["on"] == "2026-03-11"
    assert len(bank.truth["broken_control_total"]["rows"]) == 1


def test_given_snapshots_then_their_totals_cover_the_last_ten_days_only(bank):
    days = bank.rows("select distinct business_date from control_total where table_name = 'loan' order by 1")
    assert (days[0][0], days[-1][0], len(days)) == ("2026-03-22", "2026-03-31", 10)
