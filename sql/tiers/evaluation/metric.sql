-- one row per client and month to evaluate that the client was there for in full: the metrics of its tier
{% import 'macros/month.sql' as months %}
with
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
        least(
            {{ months.number('due.month') }}
            - {{ months.number('greatest(clients.known_since, due.year_start)') }} + 1,
            12
        ) as observed_months
    from clients
    cross join due
    where clients.known_since <= due.month
),

measured as (
    select
        eligible.client_id,
        eligible.branch_id,
        eligible.group_id,
        eligible.person_kind,
        eligible.segment,
        eligible.person_kind || '|' || eligible.segment as peer_set,
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
            cast(date_diff('day', eligible.client_since, $business_date) / 365.25 as decimal(9, 4)), 20
        ) as tenure_years,
        coalesce(exposure.exposure_amt, 0) as exposure_amt
    from eligible
    left join tiers_evaluation.deposit as deposit
        on eligible.client_id = deposit.client_id and eligible.month_no = deposit.month_no
    left join tiers_evaluation.profit as profit
        on eligible.client_id = profit.client_id and eligible.month_no = profit.month_no
    left join tiers_evaluation.activity as activity
        on eligible.client_id = activity.client_id and eligible.month_no = activity.month_no
    left join tiers_evaluation.product as product on eligible.client_id = product.client_id
    left join features.client_balance as balance on eligible.client_id = balance.client_id
    left join features.client_exposure as exposure on eligible.client_id = exposure.client_id
),

-- stocks and contributions of a control group add up; transfers between its members are no flow of either
groups as (
    select
        group_id,
        month_no,
        sum(dep_avg_month_amt) as group_dep_avg_month_amt,
        sum(dep_avg_365_amt) as group_dep_avg_365_amt,
        sum(dep_avg_30_amt) as group_dep_avg_30_amt,
        sum(dep_avg_90_amt) as group_dep_avg_90_amt,
        sum(contrib_amt) as group_contrib_amt,
        sum(exposure_amt) as group_exposure_amt,
        max(case when is_dep_estimated then 1 else 0 end) = 1 as is_group_dep_estimated
    from measured
    where group_id is not null
    group by group_id, month_no
),

grouped as (
    select
        measured.*,
        cast(
            coalesce(groups.group_dep_avg_month_amt, measured.dep_avg_month_amt) as decimal(18, 2)
        ) as group_dep_avg_month_amt,
        cast(
            coalesce(groups.group_dep_avg_365_amt, measured.dep_avg_365_amt) as decimal(18, 2)
        ) as group_dep_avg_365_amt,
        cast(coalesce(groups.group_dep_avg_30_amt, measured.dep_avg_30_amt) as decimal(18, 2)) as group_dep_avg_30_amt,
        cast(coalesce(groups.group_dep_avg_90_amt, measured.dep_avg_90_amt) as decimal(18, 2)) as group_dep_avg_90_amt,
        coalesce(groups.is_group_dep_estimated, measured.is_dep_estimated) as is_group_dep_estimated,
        cast(coalesce(groups.group_contrib_amt, measured.contrib_amt) as decimal(18, 2)) as group_contrib_amt,
        cast(coalesce(groups.group_exposure_amt, measured.exposure_amt) as decimal(18, 2)) as group_exposure_amt
    from measured
    left join groups on measured.group_id = groups.group_id and measured.month_no = groups.month_no
)

select * from grouped
