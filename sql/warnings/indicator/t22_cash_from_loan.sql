-- one row per client that drew a loan lately: T22, cash taken in the days after, beyond the usual, of the draws
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'T22'
),

setting as (
    select cast(max(case when setting = 'cash_after_draw_days' then value end) as integer) as after_days
    from policy.signal_setting
),

draw_table as (
    select is_supplied
    from night.supplied
    where table_name = 'disbursement'
),

span as (
    select * from features.client_span
),

loan as (
    select * from staging.loan
),

draw as (
    select
        loan.client_id,
        disbursement.drawn_on,
        cast(disbursement.amount * loan.rate as decimal(18, 2)) as amount
    from source.disbursement as disbursement
    inner join loan on disbursement.loan_id = loan.loan_id
    cross join rule
    where
        disbursement.drawn_on <= $business_date
        and date_diff('day', disbursement.drawn_on, $business_date) < rule.window_days
),

drawn as (
    select
        client_id,
        sum(amount) as drawn_amt,
        count(*) = count(amount) as is_known
    from draw
    group by client_id
),

day as (
    select
        client_id,
        booked_on,
        cash_amt
    from features.client_flow_day
    where cash_amt > 0
),

after_draw as (
    select distinct
        day.client_id,
        day.booked_on,
        day.cash_amt
    from day
    cross join setting
    inner join draw
        on
            day.client_id = draw.client_id
            and day.booked_on >= draw.drawn_on
            and day.booked_on <= draw.drawn_on + setting.after_days
),

cash as (
    select
        client_id,
        sum(cash_amt) as cash_amt,
        max(booked_on) as last_on
    from after_draw
    group by client_id
),

-- what was drawn in cash in as long a time before the window of draws began is what is usual
earlier as (
    select
        day.client_id,
        sum(day.cash_amt) as cash_amt
    from day
    cross join rule
    where
        date_diff('day', day.booked_on, $business_date) >= rule.window_days
        and date_diff('day', day.booked_on, $business_date) < 2 * rule.window_days
    group by day.client_id
),

subject as (
    select client_id from drawn
    union
    select loan.client_id
    from loan
    cross join draw_table
    where loan.is_open and not draw_table.is_supplied
),

measured as (
    select
        subject.client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        coalesce(drawn.is_known and span.covered_365d_days >= rule.min_days, false) as is_assessed,
        cast(
            100 * greatest(coalesce(cash.cash_amt, 0) - coalesce(earlier.cash_amt, 0), 0)
            / nullif(drawn.drawn_amt, 0) as decimal(18, 4)
        ) as value,
        drawn.drawn_amt as baseline,
        coalesce(cash.cash_amt, 0) as second_value,
        span.last_data_date as data_date,
        'client_flow_day:' || subject.client_id as source_keys,
        cash.last_on
    from subject
    cross join rule
    left join drawn on subject.client_id = drawn.client_id
    left join cash on subject.client_id = cash.client_id
    left join earlier on subject.client_id = earlier.client_id
    left join span on subject.client_id = span.client_id
),

{{ indicator.judge(amber_if='measured.is_assessed', event_on='measured.last_on', detail='measured.last_on') }}

select * from worst
