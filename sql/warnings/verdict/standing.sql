-- one row per signal that stood before tonight: it fired the night before, or could not be assessed since it last fired
with
rule as (
    select * from policy.indicator
),

setting as (
    select
        cast(max(case when setting = 'lapse_days' then value end) as integer) as lapse_days,
        cast(max(case when setting = 'margin_days' then value end) as integer) as margin_days
    from policy.signal_setting
),

fired as (
    select * from previous.signal
),

suspended as (
    select * from previous.suspended
),

standing as (
    select
        client_id,
        branch_id,
        loan_id,
        project_id,
        indicator,
        severity,
        hard,
        min_colour,
        unit,
        audience,
        first_seen,
        reached_on,
        business_date as last_seen
    from fired
    union all
    select
        client_id,
        branch_id,
        loan_id,
        project_id,
        indicator,
        severity,
        hard,
        min_colour,
        unit,
        audience,
        first_seen,
        reached_on,
        last_seen
    from suspended
),

-- what it fired on lies behind its window: if nothing can be said of it tonight either, it ends. A line that is not
-- reached again holds what reached it for so long only: no night goes by what lies further back
dated as (
    select
        standing.*,
        date_diff('day', standing.last_seen, $business_date)
        >= coalesce(rule.window_days, setting.lapse_days) as is_outdated,
        coalesce(date_diff('day', standing.reached_on, $business_date) < setting.margin_days, true) as is_in_margin
    from standing
    cross join setting
    left join rule on standing.indicator = rule.indicator
)

select * from dated
