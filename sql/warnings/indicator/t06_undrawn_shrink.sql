-- one row per client with a revolving loan that had room 90 days ago and the same limit since: T06, undrawn now to then
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'T06'
),

loan as (
    select * from features.loan_state
    where status <> 'closed' and coalesce(is_revolving, true)
),

utilisation as (
    select * from features.loan_utilisation
),

measured as (
    select
        loan.client_id,
        loan.loan_id,
        loan.project_id,
        utilisation.is_assessed
        and utilisation.undrawn_now_amt is not null
        and utilisation.undrawn_90d_ago_amt is not null as is_assessed,
        -- of a day that was recorded the limit is known, if only as that of tonight
        utilisation.is_assessed and utilisation.limit_90d_ago_amt is null as is_short,
        -- a share is known without a rate, and an amount is not
        utilisation.utilisation_now_pct is not null and utilisation.undrawn_now_amt is null as is_unconverted,
        cast(utilisation.undrawn_now_amt / nullif(utilisation.undrawn_90d_ago_amt, 0) as decimal(18, 4)) as value,
        utilisation.undrawn_90d_ago_amt as baseline,
        utilisation.undrawn_now_amt as second_value,
        $business_date as data_date,
        'loan:' || loan.loan_id as source_keys,
        loan.status = 'written_off' as is_written_off
    from loan
    cross join rule
    left join utilisation on loan.loan_id = utilisation.loan_id
    where
        date_diff('day', loan.start_date, $business_date) >= rule.window_days
        and coalesce(utilisation.undrawn_90d_ago_amt > 0, true)
        and coalesce(utilisation.limit_now_amt = utilisation.limit_90d_ago_amt, true)
),

{{ indicator.judge(
    unread_case="case
            when measured.is_written_off then 'written_off'
            when measured.is_unconverted then 'unconverted'
            when measured.is_short and measured.second_value is not null then 'short_history'
        end",
    many=true
) }}

select * from worst
