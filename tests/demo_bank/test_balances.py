"""Every balance is the sum of what was booked before it."""

from nightdesk_lab.demo_bank.kinds import KINDS

_TRUE_ROWS = """
    select t.account_id, t.booked_on,
        sum(case when t.direction = 'D' then -1 else 1 end * cast(round(t.amount * 100) as integer)) as cents
    from (
        select *, row_number() over (partition by txn_id order by known_at desc, amount) as newest from txn
    ) as t
    where t.newest = 1 and t.txn_id not like '%D'
    group by 1, 2
"""


def test_given_transactions_then_each_balance_is_the_balance_before_plus_what_was_booked(bank):
    dirty = bank.dirt("unknown_code") | bank.dirt("too_many_decimals")
    doubtful = {row[0] for key in dirty for row in bank.rows("select account_id from txn where txn_id = ?", key)}
    bank.db.execute(f"create temp table booked as {_TRUE_ROWS}")
    bank.db.execute("create index temp.booked_key on booked (account_id, booked_on)")
    broken = bank.rows(
        "with b as (select account_id, business_date, cast(round(eod_balance * 100) as integer) as cents,"
        " lag(cast(round(eod_balance * 100) as integer), 1, 0) over (partition"
        " by account_id order by business_date) as prior"
        " from balance) select b.account_id, b.business_date, b.prior, coalesce(k.cents, 0), b.cents from b"
        " left join booked k on k.account_id = b.account_id and k.booked_on = b.business_date"
        " where b.cents <> b.prior + coalesce(k.cents, 0)"
    )  # fmt: skip
    assert {row[0] for row in broken} <= doubtful
    assert bank.value("select count(*) from balance") > 50_000


def test_given_an_open_account_then_it_has_a_balance_every_day(bank):
    gaps = bank.rows(
        "select a.account_id, count(b.business_date), julianday(min(coalesce(a.closed_on, '2026-03-31'), '2026-03-31'))"
        " - julianday(max(a.opened_on, '2024-04-01')) + 1 as days from (select account_id, max(opened_on) as opened_on,"
        " max(closed_on) as closed_on from account group by 1) a left join balance b using (account_id)"
        " group by a.account_id having count(b.business_date) <> days"
    )  # fmt: skip
    assert gaps == []


def test_given_a_healthy_client_then_its_accounts_never_fall_below_zero(bank):
    declines = bank.clients_of(*(kind.name for kind in KINDS if kind.default_weight))
    below = bank.rows(
        "select distinct a.client_id from balance b join account a using (account_id) where b.eod_balance < 0"
    )
    assert {row[0] for row in below} <= set(declines)


def test_given_payments_then_the_money_leaves_the_repayment_account_the_same_day(bank):
    assert bank.rows(
        "select p.loan_id, p.paid_on from (select loan_id, paid_on, sum(round(amount * 100)) as cents from payment"
        " group by 1, 2) p where p.cents > (select coalesce(sum(round(t.amount * 100)), 0) from txn t"
        " where t.loan_id = p.loan_id and t.booked_on = p.paid_on and t.purpose = 'loan_repayment')"
    ) == []  # fmt: skip


def test_given_a_loan_then_its_daily_amount_is_what_its_versions_say(bank):
    assert bank.rows(
        "select v.loan_id, d.business_date from loan v join loan_daily d on d.loan_id = v.loan_id and"
        " d.business_date = date(v.known_at, '-1 day') where v.known_at > '2026-03-01' and"
        " round(v.outstanding_amt * 100) <> round(d.outstanding_amt * 100)"
    ) == []  # fmt: skip
