-- one row per loan that is followed and fact of its check report: its value or word, of which day, and of the period
-- before
{% set numbers = (
    'revenue',
    'ebitda_margin_pct',
    'net_income',
    'operating_cash_flow',
    'net_debt_to_ebitda',
    'interest_cover',
    'current_ratio',
    'receivable_days',
    'dscr',
    'reserve_pct',
    'cash_against_plan_pct',
    'physical_pct',
    'schedule_index',
    'cost_index',
    'change_order_amt',
    'output_pct',
    'offtaker_receivable_days',
    'inventory_days',
    'inflow_90d_amt',
    'outstanding_amt',
    'limit_amt',
    'undrawn_amt',
    'overdue_amt',
    'days_past_due',
    'due_365d_amt',
    'client_exposure_amt',
    'offbalance_amt',
    'collateral_amt',
    'loan_to_value_pct',
    'guarantee_amt',
    'covenant_headroom_pct',
    'score',
    'score_change_90d',
    'drawn_365d_amt',
    'payee_named_pct',
    'traced_pct',
    'returned_amt',
    'open_need_count',
    'open_offer_count',
    'csat',
    'late_promise_count',
    'product_count',
) %}
with
loan as (
    select * from care_check.loan
),

placed as (
    select
        *,
        row_number() over (partition by client_id order by month_no desc) as place
    from features_statement.period
),

-- the newest accounts and those before them. Flows are of the twelve months up to each, as the signals have them: a
-- year to date says of June half of what it says of December
accounts as (
    select
        client_id,
        place,
        period_end,
        revenue_12m as revenue,
        cast(100.0 * ebitda_12m / nullif(revenue_12m, 0) as decimal(38, 4)) as ebitda_margin_pct,
        net_income_12m as net_income,
        operating_cash_flow_12m as operating_cash_flow,
        cast((total_debt - cash) / nullif(ebitda_12m, 0) as decimal(38, 4)) as net_debt_to_ebitda,
        cast(ebitda_12m / nullif(interest_expense_12m, 0) as decimal(38, 4)) as interest_cover,
        cast(current_assets / nullif(current_liabilities, 0) as decimal(18, 4)) as current_ratio,
        cast(365.0 * receivables / nullif(revenue_12m, 0) as decimal(38, 4)) as receivable_days,
        cast(365.0 * inventory / nullif(cost_of_sales_12m, 0) as decimal(38, 4)) as inventory_days
    from placed
),

project as (
    select
        state.project_id,
        state.progress_date,
        state.cashflow_date,
        state.physical_pct,
        cast(state.earned_value / nullif(state.planned_value, 0) as decimal(18, 4)) as schedule_index,
        cast(state.earned_value / nullif(state.actual_cost, 0) as decimal(18, 4)) as cost_index,
        state.change_order_amt,
        cast(state.cfads / nullif(state.debt_service, 0) as decimal(18, 4)) as dscr,
        cast(100.0 * state.dsra_balance / nullif(state.dsra_required, 0) as decimal(18, 4)) as reserve_pct,
        cast(100.0 * state.cfads / nullif(base.cfads, 0) as decimal(18, 4)) as cash_against_plan_pct,
        cast(100.0 * actual.output / nullif(actual.output_p50, 0) as decimal(18, 4)) as output_pct,
        actual.offtaker_receivable_days
    from features.project_state as state
    left join source.project_cashflow as actual
        on state.project_id = actual.project_id and state.cashflow_date = actual.period_end and actual.kind = 'actual'
    left join source.project_cashflow as base
        on state.project_id = base.project_id and state.cashflow_date = base.period_end and base.kind = 'base_case'
),

-- what falls due within a year: its instalments, and of a loan that matures within it what no instalment brings down.
-- Amounts are the bank's own currency; a balance without a rate leaves it unknown
planned as (
    select
        loan_id,
        sum(case when date_diff('day', $business_date, due_date) between 0 and 365 then unpaid_amt end) as ahead_amt,
        sum(
            case
                when kind = 'principal' and date_diff('day', $business_date, due_date) <= 365 then unpaid_amt
                else 0
            end
        ) as principal_amt
    from features_loan.due
    group by loan_id
),

state as (
    select
        state.*,
        case
            when date_diff('day', $business_date, state.maturity_date) between 0 and 365
                then
                    coalesce(planned.ahead_amt, 0)
                    + greatest(state.outstanding_amt - coalesce(planned.principal_amt, 0), 0 * state.outstanding_amt)
            else planned.ahead_amt
        end as due_365d_amt
    from features.loan_state as state
    left join planned on state.loan_id = planned.loan_id
),

secured as (
    select
        pledge.loan_id,
        sum(held.value_amt - coalesce(held.prior_lien_amt, 0)) as collateral_amt,
        min(held.valued_on) as valued_on
    from source.collateral_loan as pledge
    inner join source.collateral as held on pledge.collateral_id = held.collateral_id
    where held.seized_on is null
    group by pledge.loan_id
),

guaranteed as (
    select
        loan_id,
        sum(amount) as guarantee_amt
    from source.guarantee
    group by loan_id
),

headroom as (
    select
        project_id,
        min(headroom_pct) as covenant_headroom_pct,
        max(test_date) as test_date
    from esg.covenant
    group by project_id
),

insured as (
    select
        project_id,
        min(expires_on) as insured_until
    from esg.insurance
    group by project_id
),

drawn as (
    select
        loan_id,
        sum(amount) as drawn_365d_amt,
        cast(
            100.0 * sum(case when payee_id is not null then amount else 0 end) / nullif(sum(amount), 0)
            as decimal(18, 4)
        ) as payee_named_pct,
        max(drawn_on) as drawn_on
    from source.disbursement
    where drawn_on <= $business_date and date_diff('day', drawn_on, $business_date) <= 365
    group by loan_id
),

trail as (
    select
        loan_id,
        min(traced_pct) as traced_pct,
        sum(returned_amt) as returned_amt,
        max(drawn_on) as drawn_on
    from features.draw_trail
    group by loan_id
),

needed as (
    select
        client_id,
        count(*) as open_need_count
    from staging.need
    where is_open
    group by client_id
),

offered as (
    select
        client_id,
        count(*) as open_offer_count
    from source.offer
    where coalesce(outcome, 'pending') = 'pending'
    group by client_id
),

answered as (
    select
        client_id,
        csat,
        answered_on,
        row_number() over (partition by client_id order by answered_on desc, response_id desc) as place
    from staging.survey
),

promised as (
    select
        client_id,
        sum(case when state in ('late', 'broken') then 1 else 0 end) as late_promise_count
    from tasks.promise_state
    where state <> 'not_assessed'
    group by client_id
),

held_product as (
    select
        client_id,
        count(*) as product_count
    from source.product_holding
    group by client_id
),

supplied as (
    select
        max(case when table_name = 'need' and is_supplied then 0 end) as no_need,
        max(case when table_name = 'offer' and is_supplied then 0 end) as no_offer,
        max(case when table_name = 'promise' and is_supplied then 0 end) as no_promise,
        max(case when table_name = 'product_holding' and is_supplied then 0 end) as no_product
    from night.supplied
),

wide as (
    select
        loan.loan_id,
        accounts.period_end as accounts_on,
        before.period_end as before_on,
        {% for name in ('revenue', 'ebitda_margin_pct', 'net_income', 'operating_cash_flow', 'net_debt_to_ebitda',
            'interest_cover', 'current_ratio', 'receivable_days', 'inventory_days') %}
        accounts.{{ name }},
        before.{{ name }} as before_{{ name }},
        {% endfor %}
        project.progress_date,
        project.cashflow_date,
        project.dscr,
        project.reserve_pct,
        project.cash_against_plan_pct,
        project.physical_pct,
        project.schedule_index,
        project.cost_index,
        project.change_order_amt,
        project.output_pct,
        project.offtaker_receivable_days,
        flow.inflow_90d_amt,
        state.outstanding_amt,
        state.limit_amt,
        state.undrawn_amt,
        state.overdue_amt,
        state.days_past_due,
        state.due_365d_amt,
        exposure.exposure_amt as client_exposure_amt,
        exposure.offbalance_amt,
        secured.collateral_amt,
        cast(100.0 * state.outstanding_amt / nullif(secured.collateral_amt, 0) as decimal(18, 4)) as loan_to_value_pct,
        secured.valued_on,
        guaranteed.guarantee_amt,
        headroom.covenant_headroom_pct,
        headroom.test_date,
        insured.insured_until,
        warning.colour,
        warning.score,
        warning.score_change_90d,
        loan.stage as watch_stage,
        class.booked_class,
        class.floor_class,
        drawn.drawn_365d_amt,
        drawn.payee_named_pct,
        drawn.drawn_on,
        trail.traced_pct,
        trail.returned_amt,
        trail.drawn_on as traced_on,
        coalesce(needed.open_need_count, supplied.no_need) as open_need_count,
        coalesce(offered.open_offer_count, supplied.no_offer) as open_offer_count,
        answered.csat,
        answered.answered_on,
        coalesce(promised.late_promise_count, supplied.no_promise) as late_promise_count,
        coalesce(held_product.product_count, supplied.no_product) as product_count
    from loan
    cross join supplied
    inner join state on loan.loan_id = state.loan_id
    left join accounts on loan.client_id = accounts.client_id and accounts.place = 1
    left join accounts as before on loan.client_id = before.client_id and before.place = 2
    left join project on loan.project_id = project.project_id
    left join features.client_window as flow on loan.client_id = flow.client_id
    left join features.client_exposure as exposure on loan.client_id = exposure.client_id
    left join secured on loan.loan_id = secured.loan_id
    left join guaranteed on loan.loan_id = guaranteed.loan_id
    left join headroom on loan.project_id = headroom.project_id
    left join insured on loan.project_id = insured.project_id
    left join warnings.warning as warning on loan.client_id = warning.client_id
    left join warnings.loan_class as class on loan.loan_id = class.loan_id
    left join drawn on loan.loan_id = drawn.loan_id
    left join trail on loan.loan_id = trail.loan_id
    left join needed on loan.client_id = needed.client_id
    left join offered on loan.client_id = offered.client_id
    left join answered on loan.client_id = answered.client_id and answered.place = 1
    left join promised on loan.client_id = promised.client_id
    left join held_product on loan.client_id = held_product.client_id
),

listed as (
    {% set told_on = {
        'dscr': 'cashflow_date', 'reserve_pct': 'cashflow_date', 'cash_against_plan_pct': 'cashflow_date',
        'output_pct': 'cashflow_date', 'offtaker_receivable_days': 'cashflow_date', 'physical_pct': 'progress_date',
        'schedule_index': 'progress_date', 'cost_index': 'progress_date', 'change_order_amt': 'progress_date',
        'collateral_amt': 'valued_on', 'loan_to_value_pct': 'valued_on', 'covenant_headroom_pct': 'test_date',
        'drawn_365d_amt': 'drawn_on', 'payee_named_pct': 'drawn_on', 'traced_pct': 'traced_on',
        'returned_amt': 'traced_on', 'csat': 'answered_on',
    } %}
    {% set of_accounts = ('revenue', 'ebitda_margin_pct', 'net_income', 'operating_cash_flow', 'net_debt_to_ebitda',
        'interest_cover', 'current_ratio', 'receivable_days', 'inventory_days') %}
    {% for name in numbers %}
    select
        loan_id,
        '{{ name }}' as fact,
        cast({{ name }} as decimal(38, 4)) as value,
        cast(null as varchar) as word,
        {{ 'accounts_on' if name in of_accounts else told_on.get(name, '$business_date') }} as told_on,
        {{ 'cast(before_' ~ name ~ ' as decimal(38, 4))' if name in of_accounts else 'cast(null as decimal(38, 4))' }}
            as before_value,
        {{ 'before_on' if name in of_accounts else 'cast(null as date) as before_on' }}
    from wide
    where {{ name }} is not null
    union all
    {% endfor %}
    {% for name in ('colour', 'watch_stage', 'booked_class', 'floor_class', 'insured_until') %}
    select
        loan_id,
        '{{ name }}' as fact,
        cast(null as decimal(38, 4)) as value,
        cast({{ name }} as varchar) as word,
        $business_date as told_on,
        cast(null as decimal(38, 4)) as before_value,
        cast(null as date) as before_on
    from wide
    where {{ name }} is not null
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select * from listed
