-- one row per project in construction: what its newest progress report says of time and money
-- Earned value: SPI is earned over planned; the cost at completion is the budget at the cost of what has been earned so
-- far (budget / CPI, CPI being earned over actual). Of too little planned or earned there is no ratio.
with
setting as (
    select
        cast(max(case when setting = 'progress_days' then value end) as integer) as progress_days,
        max(case when setting = 'earned_least_pct' then value end) as earned_least_pct
    from policy.project_setting
),

project as (
    select
        state.*,
        coalesce(state.progress_date >= $business_date - setting.progress_days, false) as is_current,
        cast(state.budget_amt * setting.earned_least_pct * 0.01 as decimal(18, 2)) as least_amt
    from features.project_state as state
    cross join setting
    where state.stage = 'construction'
),

built as (
    select
        project_id,
        client_id,
        progress_date,
        is_current,
        budget_amt,
        contingency_amt,
        planned_value,
        earned_value,
        actual_cost,
        physical_pct,
        change_order_amt,
        coalesce(planned_value < least_amt, false) as is_little_planned,
        coalesce(earned_value < least_amt, false) as is_little_earned,
        cast(earned_value / nullif(planned_value, 0) as decimal(18, 6)) as spi,
        cast(earned_value / nullif(actual_cost, 0) as decimal(18, 6)) as cpi,
        cast(cast(budget_amt as decimal(38, 2)) * actual_cost / nullif(earned_value, 0) as decimal(18, 2))
            as cost_at_completion_amt,
        cast(100 * (actual_cost - earned_value) / nullif(earned_value, 0) as decimal(18, 4)) as overrun_pct,
        cast(100 * contingency_used_amt / nullif(contingency_amt, 0) as decimal(18, 4)) as contingency_used_pct,
        cast(100 * abs(change_order_amt) / nullif(budget_amt, 0) as decimal(18, 4)) as change_order_pct,
        'project_progress:' || project_id || '|' || cast(progress_date as varchar) as source_keys
    from project
)

select * from built
