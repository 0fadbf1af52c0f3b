"""Stories are in the truth file and each shows in the tables that it names; defaults are what the truth says."""

from datetime import date, timedelta

import pytest

from nightdesk_lab.demo_bank.kinds import KINDS

LAST = date(2026, 3, 31)
_MARGIN = "pretax_profit * 1.0 / nullif(revenue, 0)"
_AUDITORS = "select count(distinct auditor) from statement s where s.client_id = t.client_id"
_EVENTS = "select count(*) from external_event e where e.client_id = t.client_id and e.kind = "
_SINCE = "> t.started_on"
_PROJECT = "where project_id = t.project_id"
_ON_SITE = (
    "exists (select 1 from esg_incident i where i.client_id = t.client_id and i.project_id is null and i.occurred_on ="
    " t.started_on"
)
_REPORT = (
    "exists (select 1 from report_due r where r.client_id = t.client_id and r.project_id is null and kind ="
    " 'esg_report' and due_on = t.started_on"
)
_SHARES = (
    "from collateral join collateral_loan using (collateral_id) join (select distinct loan_id, client_id from loan) l"
    " using (loan_id) where l.client_id = t.client_id and margin_line_amt > 0"
)
_COVENANT = (
    "from account_covenant m join (select distinct account_id, client_id from account) a using (account_id) where"
    " a.client_id = t.client_id"
)
_ASKED = f"(select max(required_avg_amt) {_COVENANT})"
_HELD = (
    "(select avg(eod_balance) from balance b join (select distinct account_id, client_id from account where kind ="
    " 'settlement') a using (account_id) where a.client_id = t.client_id and business_date > t.started_on)"
)
_BUILDING = (
    "from txn d join (select distinct account_id, client_id from account where kind = 'disbursement') a using"
    " (account_id) where a.client_id = t.client_id"
)
_DRAWN = f"(select sum(amount) {_BUILDING} and d.purpose = 'loan_disbursement')"
_LYING = (
    "(select eod_balance from balance b join (select distinct account_id, client_id from account where kind ="
    f" 'disbursement') a using (account_id) where a.client_id = t.client_id and business_date = '{LAST}')"
)
_CASH = "from flow f where f.client_id = t.client_id and direction = 'D' and purpose = 'cash'"


def _late(days, at_least=1, before=999):
    return (
        "(select count(*) from owed o where o.client_id = t.client_id and"
        f" julianday(coalesce(paid_on, '{LAST}')) - julianday(due_date) between {days} and {before}) >= {at_least}"
    )


def _mean(condition, amount="amount"):
    return f"(select avg({amount}) from inflow i where i.client_id = t.client_id and month {condition})"


#: story: what must hold of each of its clients (t is the row of the truth file)
TRACES = {
    "lost_payer": "(select count(*) from flow f where f.client_id = t.client_id and f.direction = 'C' and booked_on"
    " between t.started_on and date(t.started_on, '+60 days') and counterparty_id = (select counterparty_id from flow g"
    " where g.client_id = t.client_id and g.direction = 'C' and g.purpose = 'other' and booked_on < t.started_on"
    " group by 1 order by sum(amount) desc limit 1)) = 0",
    "late_wages": "(select max(substr(booked_on, 9, 2) * 1) from flow f where f.client_id = t.client_id and"
    " purpose = 'payroll' and direction = 'D' and booked_on > t.started_on) > 4 + (select avg(substr(booked_on, 9, 2))"
    " from flow f where f.client_id = t.client_id and purpose = 'payroll' and direction = 'D'"
    " and booked_on < t.started_on)",
    "drawn_limits": "(select max(share) from used u where u.client_id = t.client_id and day > t.started_on) > 0.1 +"
    " (select avg(share) from used u where u.client_id = t.client_id and day < t.started_on)",
    "sudden_stop": _late(90),
    "pays_ever_later": _late(2, 2),
    "accounts_turn": f"(select min({_MARGIN}) from statement s where s.client_id = t.client_id and"
    f" published_on {_SINCE}) < (select avg({_MARGIN}) from statement s where s.client_id = t.client_id"
    " and published_on <= t.started_on) - 0.015",
    "auditor_leaves": f"({_AUDITORS}) = 2 and ({_AUDITORS} and opinion <> 'clean') = 1",
    "account_frozen": f"({_EVENTS} 'account_frozen') > 0",
    "creditors_sue": f"({_EVENTS} 'lawsuit' and role = 'defendant') > 0",
    "guarantee_circle": "exists (select 1 from guarantee g where g.guarantor_client_id = t.client_id and"
    " g.guarantee_id like 'GUR%' and g.known_at > t.started_on)",
    "collateral_falls": "(select min(value_amt) * 1.0 / max(value_amt) from collateral join collateral_loan using"
    " (collateral_id) join (select distinct loan_id, client_id from loan) l using (loan_id)"
    " where l.client_id = t.client_id) < 0.75",
    "bill_advanced": "exists (select 1 from offbalance o where o.client_id = t.client_id and advanced_amt > 0"
    f" and advanced_on {_SINCE})",
    "money_flows_back": "exists (select 1 from flow d join flow b on b.client_id = d.client_id and b.direction = 'C'"
    " and b.counterparty_id like 'C%' and julianday(b.booked_on) - julianday(d.booked_on) between 3 and 15 and"
    " b.amount between 0.7 * d.amount and d.amount where d.client_id = t.client_id"
    " and d.purpose = 'loan_disbursement')",
    "loan_to_broker": "exists (select 1 from flow d join flow b on b.client_id = d.client_id and b.direction = 'D'"
    " and b.purpose = 'securities' and julianday(b.booked_on) - julianday(d.booked_on) between 1 and 12"
    " and b.amount > 0.5 * d.amount where d.client_id = t.client_id and d.purpose = 'loan_disbursement')",
    "circular_trade": "exists (select 1 from flow d join flow b on b.client_id = d.client_id and b.direction = 'C'"
    " and b.counterparty_id like 'C%' and b.counterparty_id <> d.counterparty_id"
    " and julianday(b.booked_on) - julianday(d.booked_on) between 3 and 7 and b.amount between 0.95 * d.amount and"
    " d.amount where d.client_id = t.client_id and d.direction = 'D' and d.counterparty_id like 'C%'"
    " and d.booked_on >= t.started_on)",
    "private_lender": "(select count(*) from flow f where f.client_id = t.client_id and counterparty_kind = 'lender'"
    " and booked_on >= t.started_on) > 1",
    "revenue_diverted": "(select sum(amount) from inflow i where i.client_id = t.client_id and month between"
    " substr(t.started_on, 1, 7) and '2026-03') < 0.97 * (select sum(m.revenue_due_amt) from account_covenant m join"
    " (select distinct account_id, client_id from account) a using (account_id) where a.client_id = t.client_id and"
    " m.month >= t.started_on)",
    "income_lost": f"{_mean('between substr(t.started_on, 1, 7) and substr(t.started_on, 1, 7)', 'amount * 0.99')} <"
    f" 1.6 * {_mean('< substr(t.started_on, 1, 7)')} and (select min(amount) from inflow i where"
    f" i.client_id = t.client_id and month >= substr(t.started_on, 1, 7)) <"
    f" 0.9 * {_mean('< substr(t.started_on, 1, 7)')}",
    "arrears_cured": _late(5, 1, 95),
    "restructured": "exists (select 1 from forbearance f join loan using (loan_id) where client_id = t.client_id)",
    "instalment_uncovered": "exists (select 1 from owed o join balance b on b.account_id = o.repay_account_id and"
    f" b.business_date = '{LAST}' where o.client_id = t.client_id and due_date > '{LAST}' and"
    f" due_date <= date('{LAST}', '+7 days') and due_amt > b.eod_balance)",
    "holiday_dip": "(select min(amount) from inflow i where i.client_id = t.client_id and substr(month, 6) in"
    f" ('01', '02')) < 0.9 * {_mean('> 0')}",
    "season": f"(select min(amount) from inflow i where i.client_id = t.client_id) < 0.75 * {_mean('> 0')}",
    "fully_drawn": "(select min(share) from used u where u.client_id = t.client_id and day > '2024-08-01') > 0.75",
    "decline_recovers": "(select min(amount) from inflow i where i.client_id = t.client_id and"
    f" month >= substr(t.started_on, 1, 7)) < 0.95 * {_mean('> 0')}",
    "payer_replaced": "(select count(*) from flow f where f.client_id = t.client_id and f.direction = 'C' and booked_on"
    " > t.started_on and counterparty_id = (select counterparty_id from flow g where g.client_id = t.client_id and"
    " g.direction = 'C' and g.purpose = 'other' and booked_on < t.started_on"
    " group by 1 order by sum(amount) desc limit 1)) = 0",
    "wage_day_moved": "(select avg(substr(booked_on, 9, 2)) from flow f where f.client_id = t.client_id and"
    " purpose = 'payroll' and direction = 'D' and booked_on >= t.started_on) > 4 + (select avg(substr(booked_on, 9, 2))"
    " from flow f where f.client_id = t.client_id and purpose = 'payroll' and direction = 'D'"
    " and booked_on < t.started_on)",
    "own_money_to_broker": "(select count(distinct direction) from flow f where f.client_id = t.client_id and"
    " purpose = 'securities') = 2",
    "two_way_trade": "(select max(n) from (select count(distinct direction) as n from flow f where"
    " f.client_id = t.client_id and counterparty_id like 'C%' group by counterparty_id)) = 2",
    "one_large_purchase": "exists (select 1 from flow f where f.client_id = t.client_id and memo like '设备采购款%')",
    "one_month_spiker": "exists (select 1 from flow f where f.client_id = t.client_id and memo like '往来款%' and"
    f" amount > 5 * {_mean('> 0')} / 2)",
    "quiet_improver": f"{_mean('>= ' + repr('2026-02'))} > 1.3 * {_mean('< substr(t.started_on, 1, 7)')}",
    "habitually_late": _late(1, 2, 30),
    "technical_delay": "exists (select 1 from owed o where o.client_id = t.client_id and technical_reason is not null)",
    "paid_late_once": _late(3, 1, 20),
    "bill_paid": "exists (select 1 from offbalance o where o.client_id = t.client_id and kind = 'acceptance' and"
    f" expires_on between t.started_on and '{LAST}') and not exists (select 1 from offbalance o where"
    " o.client_id = t.client_id and advanced_amt > 0)",
    "one_loss": f"(select max({_MARGIN}) - min({_MARGIN}) from statement s where s.client_id = t.client_id) > 0.05",
    "auditor_rotates": f"({_AUDITORS}) = 2 and ({_AUDITORS} and opinion <> 'clean') = 0",
    "late_accounts": "exists (select 1 from report_due r where r.client_id = t.client_id and received_on > due_on)",
    "sued_but_sound": f"({_EVENTS} 'lawsuit' and role = 'defendant') > 0",
    "freeze_lifted": "exists (select 1 from external_event e join external_event f using (client_id, event_key) where"
    " e.client_id = t.client_id and e.kind = 'account_frozen' and f.amount = 0 and f.published_on > e.published_on)",
    "tax_notice_paid": f"({_EVENTS} 'tax_arrears') > 0",
    "sound_circle": "exists (select 1 from guarantee g where g.guarantor_client_id = t.client_id and"
    " g.guarantee_id like 'GUR%')",
    "valued_lower": "(select min(value_amt) * 1.0 / max(value_amt) from collateral join collateral_loan using"
    " (collateral_id) join (select distinct loan_id, client_id from loan) l using (loan_id)"
    " where l.client_id = t.client_id) < 0.97",
    "construction_delay": "(select max(julianday(cod_forecast) - julianday(cod_contract)) from project"
    f" {_PROJECT}) > 180",
    "cod_slip": f"(select max(julianday(cod_forecast) - julianday(cod_contract)) from project {_PROJECT}) > 60",
    "short_slip": "(select max(julianday(cod_forecast) - julianday(cod_contract)) from project"
    f" {_PROJECT}) between 1 and 60",
    "environmental_penalty": f"(select count(distinct kind) from esg_incident {_PROJECT} and kind in ('penalty',"
    f" 'stop_order')) = 2 and exists (select 1 from esg_item {_PROJECT} and value > target)",
    "permit_unfiled": f"exists (select 1 from permit {_PROJECT} and is_operating_critical and renewal_filed_on is null"
    f" and expires_on between '{LAST}' and date('{LAST}', '+60 days'))",
    "permit_expired": f"exists (select 1 from permit {_PROJECT} and is_operating_critical and"
    f" expires_on < '{LAST}') and not exists (select 1 from permit {_PROJECT} and is_operating_critical"
    f" and issued_on > date('{LAST}', '-60 days'))",
    "permit_filed": f"exists (select 1 from permit {_PROJECT} and is_operating_critical and renewal_filed_on <"
    f" '{LAST}' and expires_on between '{LAST}' and date('{LAST}', '+60 days'))",
    "covenant_drift": f"(select min(actual) from covenant_test {_PROJECT} and test_date {_SINCE}) < 0.9 *"
    f" (select max(actual) from covenant_test {_PROJECT})",
    "covenant_breach": f"exists (select 1 from covenant_test {_PROJECT} and status = 'breach' and"
    f" test_date {_SINCE})",
    "breach_waived": f"exists (select 1 from covenant_test {_PROJECT} and status = 'waived' and waived_until"
    " > test_date)",
    "weak_quarter": f"(select min(actual) from covenant_test {_PROJECT} and test_date {_SINCE}) between 1.05 and 1.2"
    f" and (select actual from covenant_test {_PROJECT} order by test_date desc limit 1) > 1.12",
    "equity_behind": "(select max(drawn_amt * 1.0 / debt_commit_amt - equity_paid_amt * 1.0 / equity_commit_amt) from"
    f" project_progress join project using (project_id) {_PROJECT} and as_of_date {_SINCE}) > 0",
    "draw_ahead": "(select max(drawn_amt * 100.0 / debt_commit_amt - physical_pct) from project_progress join project"
    f" using (project_id) {_PROJECT} and as_of_date {_SINCE}) > 0",
    "winter_pause": f"(select min(earned_value * 1.0 / planned_value) from project_progress {_PROJECT} and as_of_date"
    f" {_SINCE}) < 0.95",
    "reserve_short": f"exists (select 1 from project_cashflow {_PROJECT} and kind = 'actual' and dsra_balance <"
    " 0.9 * dsra_required)",
    "late_buyer": f"(select max(offtaker_receivable_days) - min(offtaker_receivable_days) from project_cashflow"
    f" {_PROJECT}) > 20",
    "buyer_stops": f"(select max(offtaker_receivable_days) from project_cashflow {_PROJECT}) > 90",
    "subsidy_late": f"(select max(subsidy_days_late) from project_cashflow {_PROJECT}) > 120",
    "subsidy_settled": f"(select max(subsidy_days_late) from project_cashflow {_PROJECT}) between 55 and 90 and (select"
    f" subsidy_days_late from project_cashflow {_PROJECT} and kind = 'actual' order by period_end desc limit 1) < 90",
    "scope_grows": "(select max(change_order_amt * 1.0 / budget_amt) from project_progress join project using"
    f" (project_id) {_PROJECT}) > 0.05",
    "few_changes": "(select max(change_order_amt * 1.0 / budget_amt) from project_progress join project using"
    f" (project_id) {_PROJECT}) between 0.03 and 0.05",
    "overrun_on_credit": "(select max(total_debt_amt * 1.0 / debt_commit_amt) from project_progress join project using"
    f" (project_id) {_PROJECT}) > 1.02",
    "overrun_shared": "(select max(equity_paid_amt * 1.0 / equity_commit_amt) from project_progress join project using"
    f" (project_id) {_PROJECT}) > 1.02",
    "esap_overdue": f"exists (select 1 from esap_action {_PROJECT} and due_on < date('{LAST}', '-30 days') and"
    f" action_id not in (select action_id from esap_action where done_on is not null))",
    "action_done_late": f"exists (select 1 from esap_action {_PROJECT} and done_on > date(due_on, '+10 days'))",
    "loan_called": "t.first_unpaid_on = '' or t.first_unpaid_on > date('2026-03-31', '-64 days') or exists (select 1"
    " from loan l where l.client_id = t.client_id and accelerated_on > t.first_unpaid_on)",
    "call_withdrawn": "exists (select 1 from loan l where l.client_id = t.client_id and accelerated_on is not null and"
    " exists (select 1 from loan m where m.loan_id = l.loan_id and m.known_at > l.known_at"
    " and m.accelerated_on is null))",
    **dict.fromkeys(
        ("debt_renewed", "renewal_qualifies"),
        "exists (select 1 from loan l join loan r on r.loan_id = l.refinances_loan_id where l.client_id = t.client_id"
        " and r.client_id = l.client_id and r.status = 'closed' and abs(julianday(l.start_date) -"
        " julianday(r.maturity_date)) < 10)",
    ),
    "stop_order_lifted": f"exists (select 1 from esg_incident {_PROJECT} and kind = 'stop_order' and closed_on"
    f" < '{LAST}')",
    "fine_paid": f"exists (select 1 from esg_incident {_PROJECT} and kind = 'penalty' and amount < 200000)",
    # beside a client's business
    "fatal_accident": f"{_ON_SITE} and kind = 'fatality')",
    "slight_accident": f"{_ON_SITE} and kind = 'accident' and julianday(closed_on) - julianday(occurred_on) < 30)",
    "neighbours_protest": f"{_ON_SITE} and kind = 'protest') and not {_ON_SITE} and closed_on is not null)",
    "grievance_answered": f"{_ON_SITE} and kind = 'grievance' and julianday(closed_on) - julianday(occurred_on) < 30)",
    "storm_damage": f"{_ON_SITE} and kind = 'physical_damage' and occurred_on > date('{LAST}', '-200 days'))",
    "storm_repaired": f"{_ON_SITE} and kind = 'physical_damage' and closed_on < date('{LAST}', '-120 days'))",
    "report_withheld": f"{_REPORT} and due_on < date('{LAST}', '-15 days')) and not {_REPORT} and received_on is not"
    " null)",
    "report_days_late": f"{_REPORT} and julianday(received_on) - julianday(due_on) between 1 and 15)",
    "category_graver": f"exists (select 1 from project {_PROJECT} and (proposed_category < ep_category or"
    " esg_listed_on is not null))",
    "category_confirmed": f"exists (select 1 from project {_PROJECT} and proposed_category = ep_category)",
    "shares_fall": f"(select min(value_amt * 1.0 / margin_line_amt) {_SHARES}) < 1",
    "shares_dip": f"(select min(value_amt * 1.0 / margin_line_amt) {_SHARES}) between 1.1 and 1.3",
    "dealings_doubted": "exists (select 1 from observation o where o.client_id = t.client_id and observed_on >"
    f" date('{LAST}', '-90 days'))",
    "rumour_passed": "exists (select 1 from observation o where o.client_id = t.client_id and observed_on <"
    f" date('{LAST}', '-90 days'))",
    "balance_not_kept": f"{_HELD} < {_ASKED}",
    "balance_just_kept": f"{_HELD} > {_ASKED} and {_ASKED} <> (select min(required_avg_amt) {_COVENANT})",
    "draw_lies_idle": f"{_LYING} > 0.1 * {_DRAWN}",
    "draw_paid_later": f"{_LYING} < 0.5 * {_DRAWN} and exists (select 1 {_BUILDING} and d.purpose ="
    " 'loan_disbursement' and booked_on > t.started_on)",
    "cash_from_draws": f"(select sum(amount) {_CASH}) > 0 and (select max(booked_on) {_CASH}) >= t.started_on",
    "order_stands": f"exists (select 1 from esg_incident {_PROJECT} and kind = 'stop_order' and not exists (select"
    " 1 from esg_incident m where m.incident_id = esg_incident.incident_id and m.closed_on is not null)) and exists"
    f" (select 1 from esg_incident {_PROJECT} and kind = 'penalty' and published_on = '{LAST}')",
    "renewal_waits": f"exists (select 1 from permit {_PROJECT} and is_operating_critical and renewal_filed_on <"
    f" expires_on and expires_on < '{LAST}') and not exists (select 1 from permit {_PROJECT} and is_operating_critical"
    f" and issued_on > date('{LAST}', '-60 days'))",
    "cash_trade": f"(select count(distinct substr(booked_on, 1, 7)) {_CASH}) > 10",
}  # fmt: skip


@pytest.fixture(scope="module")
def truth(bank):
    """The truth file as a table beside the bank's own."""
    columns = list(bank.stories[0])
    bank.db.execute(f"create temp table truth ({', '.join(columns)})")
    marks = ", ".join("?" for _ in columns)
    bank.db.executemany(f"insert into truth values ({marks})", [tuple(row.values()) for row in bank.stories])
    return bank


def test_given_the_stories_then_each_has_a_trace_to_be_looked_for_and_names_tables_with_rows(bank):
    assert set(TRACES) == {kind.name for kind in KINDS}
    assert {table for kind in KINDS for table in kind.tables} <= set(bank.summary.rows)


@pytest.mark.parametrize("story", TRACES)
def test_given_a_story_then_it_shows_in_the_tables_that_it_names(truth, story):
    told = truth.value("select count(*) from truth where story = ?", story)
    unseen = truth.rows(
        f"select client_id, started_on, event from truth t where story = ? and not coalesce({TRACES[story]}, false)",
        story,
    )
    assert told > 0
    assert unseen == []


def test_given_a_story_then_it_is_visible_within_the_banks_days_and_no_later_than_its_event(bank):
    for record in bank.stories:
        assert "2024-04-01" <= record["first_visible_on"] <= "2026-03-31", record
        if record["event"] == "default":
            assert record["first_visible_on"] < record["event_date"], record
            unpaid = date.fromisoformat(record["first_unpaid_on"])
            assert date.fromisoformat(record["event_date"]) == unpaid + timedelta(days=91)


def test_given_defaults_then_what_is_unpaid_is_exactly_as_old_as_the_truth_says(bank):
    open_since = {
        record["client_id"]: record["first_unpaid_on"]
        for record in bank.stories
        if record["first_unpaid_on"] and record["ending"] in ("", "written_off")
    }
    shown = dict(
        bank.rows(
            "select client_id, min(due_date) from owed where round(due_amt * 100) > round(paid_amt * 100)"
            " and due_date < '2026-03-31' group by 1"
        )
    )
    assert {client: shown.get(client) for client in open_since} == open_since
    for client in shown.keys() - open_since.keys():
        (story,) = [record["story"] for record in bank.stories if record["client_id"] == client]
        assert story in ("technical_delay", "habitually_late", "arrears_cured", "pays_ever_later", "paid_late_once")


def test_given_a_default_that_ended_then_nothing_is_owed_any_more_or_it_is_written_off(bank):
    ended = {record["client_id"]: record for record in bank.stories if record["ended_on"]}
    assert {record["ending"] for record in ended.values()} >= {"cured", "repaid"}
    for client, record in ended.items():
        states = bank.rows(
            "select status, outstanding_amt, asset_class from (select *, row_number() over (partition by loan_id order"
            " by known_at desc) as n from loan) where n = 1 and client_id = ?",
            client,
        )
        if record["ending"] == "repaid":
            assert {row[:2] for row in states} == {("closed", 0)}
        if record["ending"] == "written_off":
            assert set(states) == {("written_off", 0, "loss")}
        if record["ending"] == "cured":
            assert all(row[0] == "active" for row in states)


def test_given_clients_without_a_story_then_none_is_long_past_due(bank):
    storied = {record["client_id"] for record in bank.stories}
    late = bank.rows(
        "select distinct client_id from owed where julianday(coalesce(paid_on, '2026-03-31')) - julianday(due_date)"
        " > 12 and due_date < '2026-03-31'"
    )
    assert {row[0] for row in late} <= storied


def test_given_technical_delays_then_they_are_short_and_evidenced(bank):
    delays = bank.rows(
        "select client_id, julianday(coalesce(paid_on, '2026-03-31')) - julianday(due_date) from owed"
        " where technical_reason is not null"
    )
    told = {row[0] for row in delays}
    assert set(bank.clients_of("technical_delay")) <= told <= set(bank.clients_of("technical_delay", "habitually_late"))
    assert all(0 < days <= 7 for _, days in delays)


def test_given_incidents_then_each_has_a_cause_and_a_closed_one_what_was_done_and_mostly_evidence(bank):
    newest = "(select *, row_number() over (partition by incident_id order by known_at desc) as n from esg_incident)"
    untold = bank.value(
        f"select count(*) from {newest} where n = 1 and (cause is null or (fix is null) <> (closed_on is null))"
    )
    seen = bank.value(
        f"select count(*) from {newest} where n = 1 and evidence_id is not null and verified_on >= occurred_on"
    )
    unproven = bank.value(
        f"select count(*) from {newest} where n = 1 and verified_on is not null and evidence_id is null"
    )
    assert untold == 0
    assert seen > unproven > 0


def test_given_the_projects_then_two_work_on_against_an_order_and_a_licence_ran_out_while_its_renewal_waits(bank):
    told = [record["story"] for record in bank.stories]
    assert (told.count("order_stands"), told.count("renewal_waits")) == (2, 1)


def test_given_the_projects_then_one_reports_no_open_grievance_while_some_stand_open(bank):
    newest = (
        "(select *, row_number() over (partition by incident_id order by known_at desc) as n from esg_incident"
        " where kind = 'grievance')"
    )
    hides = bank.rows(
        "select i.project_id, count(*) from esg_item i join (select project_id, max(period_end) as period_end from"
        " esg_item where item = 'grievances_open' group by 1) l using (project_id, period_end) where item ="
        f" 'grievances_open' and value = 0 and (select count(*) from {newest} g where n = 1 and g.project_id ="
        " i.project_id and occurred_on < i.period_end and (closed_on is null or closed_on > i.period_end)) > 0"
        " group by 1"
    )
    assert len(hides) == 1


def test_given_what_projects_count_then_it_is_whole(bank):
    assert bank.value("select count(*) from esg_item where unit = 'count' and value <> cast(value as integer)") == 0
    assert bank.value("select count(*) from esg_item where unit = 'count' and value > 0") > 0


def test_given_a_default_that_has_ended_in_payment_then_no_table_goes_on_telling_it(truth):
    """Without it a client was dishonest, or its loan called, for ever, whatever it had paid."""
    ended = "truth t where t.ending in ('cured', 'repaid') and t.ended_on < date('2026-03-31', '-35 days')"
    claims = (
        f"from external_event e join (select * from {ended}) t using (client_id) where e.kind in ('lawsuit',"
        " 'enforced', 'dishonest_debtor', 'account_frozen', 'bond_default', 'tax_arrears')"
    )
    assert truth.value(f"select count(distinct event_key) {claims} and e.published_on <= t.ended_on") > 0
    standing = f"select client_id, event_key {claims} group by 1, 2 having min(coalesce(amount, 1)) <> 0"
    assert truth.rows(standing) == []
    assert truth.rows(f"select client_id {claims} and e.published_on > date(t.ended_on, '+35 days')") == []
    newest = "select *, row_number() over (partition by loan_id order by known_at desc) as n from loan"
    called = f"from ({newest}) l join (select * from {ended}) t using (client_id) where l.n = 1"
    assert truth.value(f"select count(*) {called}") > 0
    assert truth.rows(f"select loan_id {called} and l.accelerated_on is not null and l.status = 'active'") == []
