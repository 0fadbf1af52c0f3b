-- one row per client with an open revolving loan: T04, its 30-day mean utilisation; clears 5 points below a line
-- Sound firms differ widely in how much of a limit they use: red is what came to be used whole, not what always was.
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'T04'
),

loan as (
    select * from features.loan_state
    where status <> 'closed' and coalesce(is_revolving, true)
),

utilisation as (
    select * from features.loan_utilisation
),

standing as (
    select * from warnings_verdict.standing
    where indicator = 'T04' and is_in_margin
),

-- a loan younger than the days that the mean needs is measured over its life
measured as (
    select
        loan.client_id,
        loan.loan_id,
        loan.project_id,
        coalesce(
            utilisation.is_assessed
            and utilisation.utilisation_30d_pct is not null
            and utilisation.days_seen
            >= least(rule.min_days, date_diff('day', loan.start_date, $business_date) + 1),
            false
        ) as is_assessed,
        utilisation.is_assessed as has_limit,
        -- a share is known without a rate, and an amount is not
        utilisation.utilisation_now_pct is not null and utilisation.undrawn_now_amt is null as is_unconverted,
        utilisation.utilisation_30d_pct as value,
        utilisation.utilisation_90d_ago_pct as baseline,
        cast(utilisation.days_seen as decimal(18, 4)) as second_value,
        $business_date as data_date,
        'loan:' || loan.loan_id as source_keys,
        loan.status = 'written_off' as is_written_off,
        standing.severity is not null
        and utilisation.utilisation_30d_pct >= rule.amber_value - rule.clear_margin as stands_amber,
        coalesce(standing.severity = 'red', false)
        and utilisation.utilisation_30d_pct >= rule.red_value - rule.clear_margin as stands_red,
        -- used whole ninety days ago already: how the client uses its limit, and no news of it
        coalesce(utilisation.utilisation_90d_ago_pct >= rule.red_value, false) as is_habit
    from loan
    cross join rule
    left join utilisation on loan.loan_id = utilisation.loan_id
    left join standing on loan.client_id = standing.client_id and loan.loan_id = standing.loan_id
),

{{ indicator.judge(
    amber_if='measured.is_assessed',
    amber_too='measured.is_assessed and measured.stands_amber',
    red_if='not measured.is_habit',
    red_too='measured.is_assessed and measured.stands_red and not measured.is_habit',
    reason_case="case
            when measured.value < rule.amber_value then 'margin'
            when measured.is_habit and measured.value >= rule.red_value then 'habit'
            when measured.stands_red and not measured.is_habit and measured.value < rule.red_value then 'margin'
        end",
    unread_case="case
            when measured.is_written_off then 'written_off'
            when measured.is_unconverted then 'unconverted'
            when measured.has_limit and measured.value is not null then 'short_history'
        end",
    many=true
) }}

select * from worst
