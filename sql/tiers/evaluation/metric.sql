-- one row per client and month to evaluate that the client was there for in full: its own figures
{% import 'macros/month.sql' as months %}
with
setting as (
    select cast(max(case when setting = 'tenure_most_years' then value end) as decimal(9, 4)) as tenure_most_years
    from policy.tier_setting
),

due as (
    select * from tiers_evaluation.due_month
),

clients as (
    select * from tiers_evaluation.client_start
),

eligible as (
    select
        clients.*,
        due.month_no,
        due.month,
        due.is_initial,
        {{ months.number('due.month') }}
        - {{ months.number('greatest(clients.known_since, due.year_start)') }} + 1 as observed_months
    from clients
    cross join due
    where clients.known_since <= due.month
),

products as (
    select
        client_id,
        cast(count(*) as integer) as products
    from tiers_evaluation.product
    group by client_id
),

measured as (
    select
        eligible.client_id,
        eligible.branch_id,
        eligible.group_key,
        eligible.person_kind,
        eligible.segment,
        eligible.month_no,
        eligible.month,
        eligible.is_initial,
        -- no deposit account means no deposits; an account without a known balance means unknown
        coalesce(
            deposit.dep_avg_month_amt, case when eligible.has_deposit_account then null else 0 end
        ) as dep_avg_month_amt,
        coalesce(
            deposit.dep_avg_365_amt, case when eligible.has_deposit_account then null else 0 end
        ) as dep_avg_365_amt,
        coalesce(balance.avg_30d_amt, case when eligible.has_deposit_account then null else 0 end) as dep_avg_30_amt,
        coalesce(balance.avg_90d_amt, case when eligible.has_deposit_account then null else 0 end) as dep_avg_90_amt,
        deposit.month_end_amt,
        -- deposits that add up from an opening balance that nobody knows, or without what no rate converts, are at
        -- least this much
        eligible.has_deposit_account
        and (not coalesce(balance.known_from <= eligible.month, false) or not balance.is_assessed) as is_dep_estimated,
        profit.contrib_amt,
        profit.economic_capital_amt,
        profit.is_contrib_estimated,
        profit.eva_amt,
        profit.raroc_pct,
        profit.is_hurdle_met,
        coalesce(activity.active_months, 0) as active_months,
        eligible.observed_months,
        cast(
            coalesce(activity.active_months, 0) * 100.0 / nullif(eligible.observed_months, 0) as decimal(9, 4)
        ) as activity_pct,
        activity.turnover_month_amt,
        coalesce(product.products, 0) as products,
        least(
            cast(date_diff('day', eligible.client_since, $business_date) / 365.25 as decimal(9, 4)),
            setting.tenure_most_years
        ) as tenure_years,
        coalesce(exposure.exposure_amt, 0) as exposure_amt
    from eligible
    cross join setting
    left join tiers_evaluation.deposit as deposit
        on eligible.client_id = deposit.client_id and eligible.month_no = deposit.month_no
    left join tiers_evaluation.profit as profit
        on eligible.client_id = profit.client_id and eligible.month_no = profit.month_no
    left join tiers_evaluation.activity as activity
        on eligible.client_id = activity.client_id and eligible.month_no = activity.month_no
    left join products as product on eligible.client_id = product.client_id
    left join features.client_balance as balance on eligible.client_id = balance.client_id
    left join features.client_exposure as exposure on eligible.client_id = exposure.client_id
)

select * from measured
