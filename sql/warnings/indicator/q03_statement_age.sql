-- one row per company with an open loan, where statements are supplied: Q03, months that the next one is late
{% import 'macros/indicator.sql' as indicator %}
{% import 'macros/month.sql' as months %}
with
rule as (
    select * from policy.indicator
    where indicator = 'Q03'
),

setting as (
    select cast(max(case when setting = 'rhythm_months' then value end) as integer) as rhythm_months
    from policy.signal_setting
),

rhythm as (
    select * from policy.reporting_rhythm
),

client as (
    select * from staging.client
    where not is_natural_person
),

loan as (
    select * from features.loan_state
    where status <> 'closed'
),

statement as (
    select * from staging.statement
),

supplied as (
    select * from night.supplied
    where table_name = 'statement' and is_supplied
),

borrower as (
    select distinct client.client_id
    from client
    inner join loan on client.client_id = loan.client_id
    cross join supplied
),

newest as (
    select
        client_id,
        max(period_end) as period_end
    from statement
    group by client_id
),

period as (
    select distinct
        client_id,
        period_end
    from statement
),

-- from one period end to the next, in months
before as (
    select
        client_id,
        period_end,
        lag(period_end) over (partition by client_id order by period_end) as before_end
    from period
),

followed as (
    select
        client_id,
        period_end,
        {{ months.number('period_end') }} - {{ months.number('before_end') }} as gap_months
    from before
),

-- of the last years, and the one in the middle: a statement that is missing, or one too many, is no change of rhythm
usual as (
    select
        newest.client_id,
        newest.period_end,
        quantile_cont(followed.gap_months, 0.5) as gap_months
    from newest
    cross join setting
    left join followed
        on
            newest.client_id = followed.client_id
            and 31 * {{ months.number('followed.period_end') }} + day(followed.period_end)
            > 31 * ({{ months.number('newest.period_end') }} - setting.rhythm_months) + day(newest.period_end)
    group by newest.client_id, newest.period_end
),

-- the nearest rhythm; nobody is late by a guess: of two as near, or without a second statement, the longest
nearest_first as (
    select
        usual.client_id,
        usual.period_end,
        rhythm.period_months + rhythm.grace_months as line_months,
        row_number() over (
            partition by usual.client_id
            order by abs(rhythm.period_months - usual.gap_months) asc, rhythm.period_months desc
        ) as place
    from usual
    cross join rhythm
),

-- months and a fraction of 31 days: above nine exactly when nine months have passed
aged as (
    select
        borrower.client_id,
        nearest.period_end,
        nearest.line_months,
        {{ months.number('$business_date') }} - {{ months.number('nearest.period_end') }}
        + cast((day($business_date) - day(nearest.period_end)) / 31.0 as decimal(18, 6)) as age_months
    from borrower
    left join nearest_first as nearest on borrower.client_id = nearest.client_id and nearest.place = 1
),

measured as (
    select
        client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        period_end is not null as is_assessed,
        age_months - line_months as value,
        line_months as baseline,
        age_months as second_value,
        period_end as data_date,
        'statement:' || client_id || '|' || cast(period_end as varchar) as source_keys
    from aged
),

{{ indicator.judge(unread_case="'no_statement'") }}

select * from worst
