"""Stories are in the truth file and visible in the data, and nobody looks ill before the story starts."""

from datetime import date, timedelta

_NEWEST = (
    "with last as (select *, row_number() over (partition by loan_id, due_date, kind order by known_at desc) as n"
    " from instalment), client_of as (select distinct loan_id, client_id, repay_account_id from loan)"
)


def _days_past_due(bank):
    rows = bank.rows(
        f"{_NEWEST} select c.client_id, max(julianday('2026-03-31') - julianday(due_date)) from last join client_of c"
        " using (loan_id) where n = 1 and round(due_amt * 100) >"
        " round(paid_amt * 100) and due_date < '2026-03-31' group by 1"
    )
    return {row[0]: int(row[1]) for row in rows}


def _monthly_inflow(bank, client):
    return dict(
        bank.rows(
            "select substr(booked_on, 1, 7), sum(t.amount) from txn t join account"
            " a using (account_id) where a.client_id = ?"
            " and a.kind = 'settlement' and a.ccy = 'CNY' and t.direction = 'C' and t.purpose in ('other', 'payroll')"
            " and t.reverses_txn_id is null and t.counterparty_kind <> 'related' group by 1",
            client,
        )
    )


def test_given_a_demo_bank_then_every_kind_of_trouble_is_told_once_at_least(bank):
    told = {record["story"] for record in bank.truth["stories"]}
    assert {"lost_payer", "drawn_limits", "late_wages", "one_large_purchase", "quiet_improver", "season"} <= told
    assert {"instalment_uncovered", "restructured", "construction_delay", "permit_expiring", "esap_overdue"} <= told


def test_given_declining_clients_then_they_are_past_due_exactly_as_the_truth_says(bank):
    technical = set(bank.clients_of("technical_delay"))
    expected = {
        record["client_id"]: (date(2026, 3, 31) - date.fromisoformat(record["first_unpaid_on"])).days
        for record in bank.truth["stories"]
        if record["first_unpaid_on"]
    }
    shown = {client: days for client, days in _days_past_due(bank).items() if client not in technical}
    assert shown == expected
    assert any(days > 90 for days in expected.values())


def test_given_a_default_then_it_is_the_first_day_more_than_ninety_days_past_due(bank):
    defaults = [record for record in bank.truth["stories"] if record["default_on"]]
    for record in defaults:
        unpaid = date.fromisoformat(record["first_unpaid_on"])
        assert date.fromisoformat(record["default_on"]) == unpaid + timedelta(days=91)
        assert date.fromisoformat(record["started_on"]) < unpaid - timedelta(days=60)
    assert defaults


def test_given_technical_delays_then_they_are_short_and_evidenced(bank):
    clients = bank.clients_of("technical_delay")
    delays = bank.rows(
        f"{_NEWEST} select c.client_id, julianday(coalesce(paid_on, '2026-03-31')) - julianday(due_date) from last"
        " join client_of c using (loan_id) where n = 1 and technical_reason is not null"
    )
    assert {row[0] for row in delays} == set(clients)
    assert all(0 < days <= 7 for _, days in delays)


def test_given_a_lost_payer_then_its_receipts_stop_and_the_limit_fills_up(bank):
    (client,) = bank.clients_of("lost_payer")[:1]
    record = next(item for item in bank.truth["stories"] if item["client_id"] == client)
    before, after = (
        bank.rows(
            "select counterparty_id, sum(t.amount) from txn t join account a using"
            " (account_id) where a.client_id = ? and"
            " direction = 'C' and purpose = 'other' and reverses_txn_id is null"
            f" and booked_on {sign} ? group by 1 order by 2 desc",
            client,
            record["started_on"],
        )
        for sign in ("<", ">=")
    )
    total = sum(row[1] for row in before)
    assert before[0][1] / total > 0.3
    assert before[0][0] not in [row[0] for row in after]
    used = bank.value(
        "select max(outstanding_amt * 1.0 / limit_amt) from loan_daily join"
        " (select distinct loan_id, client_id, is_revolving"
        " from loan) using (loan_id) where client_id = ? and is_revolving and business_date = '2026-03-31'",
        client,
    )
    assert used > 0.9


def test_given_late_wages_then_wages_come_later_and_taxes_stop(bank):
    (client,) = bank.clients_of("late_wages")[:1]
    days = bank.rows(
        "select booked_on, cast(substr(booked_on, 9, 2) as integer) from txn t join account a using (account_id)"
        " where client_id = ? and purpose = 'payroll' and direction = 'D' order by 1",
        client,
    )
    taxes = bank.value(
        "select max(booked_on) from txn t join account a using (account_id) where client_id = ? and purpose = 'tax'",
        client,
    )
    assert days[-2][1] > days[0][1] + 5
    assert taxes < "2026-02-20"


def test_given_declining_companies_then_before_the_story_they_live_as_before(bank):
    for record in bank.truth["stories"]:
        if not record["is_decline"] or record["project_id"]:
            continue
        start = record["started_on"][:7]
        inflow = [
            amount for month, amount in sorted(_monthly_inflow(bank, record["client_id"]).items()) if month < start
        ]
        normal = sum(inflow) / len(inflow)
        assert min(inflow) > 0.6 * normal, record
        returned = bank.value(
            "select count(*) from txn t join account a using (account_id) where"
            " client_id = ? and is_returned and booked_on < ?",
            record["client_id"],
            record["started_on"],
        )
        assert returned <= 1


def test_given_uncovered_instalments_then_the_paying_account_holds_less_and_elsewhere_enough(bank):
    due = bank.rows(
        f"{_NEWEST} select c.client_id, sum(due_amt - paid_amt), b.eod_balance"
        " from last join client_of c using (loan_id)"
        " join balance b on b.account_id = c.repay_account_id and b.business_date = '2026-03-31' where n = 1"
        " and due_date > '2026-03-31' and due_date <= '2026-04-07' group by c.client_id, c.repay_account_id"
    )
    declining = {record["client_id"] for record in bank.truth["stories"] if record["is_decline"]}
    short = {client for client, amount, balance in due if amount > balance} - declining
    assert short == set(bank.clients_of("instalment_uncovered"))


def test_given_a_quiet_improver_then_its_balances_multiply(bank):
    for client in bank.clients_of("quiet_improver"):
        means = [
            bank.value(
                "select avg(eod_balance) from balance join account a using (account_id) where client_id = ?"
                " and kind = 'settlement' and a.ccy = 'CNY' and business_date between ? and ?",
                client, first, last,
            )
            for first, last in (("2025-02-01", "2025-06-30"), ("2026-03-01", "2026-03-31"))
        ]  # fmt: skip
        assert means[1] > 2.5 * means[0]


def test_given_a_seasonal_client_then_last_year_was_the_same(bank):
    for client in bank.clients_of("season"):
        months = _monthly_inflow(bank, client)
        assert months["2026-03"] < 0.7 * months["2025-10"]
        assert 0.6 < months["2026-03"] / months["2025-03"] < 1.6


def test_given_project_stories_then_their_tables_tell_them(bank):
    projects = {record["story"]: record["project_id"] for record in bank.truth["stories"] if record["project_id"]}
    expires = bank.value("select min(expires_on) from permit where project_id = ?", projects["permit_expiring"])
    assert "2026-03-31" < expires < "2026-05-31"
    overdue = bank.value(
        "select min(due_on) from esap_action where project_id = ? and action_id not in"
        " (select action_id from esap_action where done_on is not null)",
        projects["esap_overdue"],
    )
    assert overdue < "2026-02-25"
    slip = bank.value(
        "select max(julianday(cod_forecast) - julianday(cod_contract)) from project where project_id = ?",
        projects["construction_delay"],
    )
    assert slip > 180
    before = bank.value(
        "select count(*) from project where project_id = ? and cod_forecast > cod_contract and known_at < ?",
        projects["construction_delay"],
        next(r["started_on"] for r in bank.truth["stories"] if r["story"] == "construction_delay"),
    )
    assert before == 0


def test_given_clients_without_a_story_then_none_is_past_due_or_drawn_to_the_limit(bank):
    storied = {record["client_id"] for record in bank.truth["stories"]}
    assert set(_days_past_due(bank)) <= storied
    drawn = bank.rows(
        "select distinct client_id from loan_daily join (select distinct loan_id, client_id, is_revolving from loan)"
        " using (loan_id) where is_revolving and outstanding_amt > 0.85 * limit_amt and business_date > '2026-01-01'"
    )
    assert {row[0] for row in drawn} <= storied
