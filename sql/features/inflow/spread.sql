-- one row per client with flows: what its inflow of three months usually is, and how much that varies, before the last
-- 90 days: a fall is told from the noise of the client's own account by it
-- Three months that overlap are few that do not: five in fifteen months. Where those happen to lie close together, what
-- the months vary by says more, and three of them vary by that over the root of three.
{% import 'macros/month.sql' as months %}
with
setting as (
    select cast(max(case when setting = 'noise_months' then value end) as integer) as least_months
    from policy.signal_setting
),

-- the months that end before the last 90 days begin, as far back as they are kept
month as (
    select
        {{ months.number('day') }} as number,
        date_diff('day', {{ months.first_day('day', -2) }}, {{ months.first_day('day', 1) }}) as days,
        date_diff('day', day, {{ months.first_day('day', 1) }}) as month_days
    from night.calendar
    where
        day >= {{ months.first_day('$business_date', -18) }}
        and day < {{ months.first_day('($business_date - 89)', 0) }}
        and day = cast(date_trunc('month', day) as date)
),

oldest as (
    select
        min(number) as first_number,
        max(number) as last_number
    from month
),

-- from its first whole month on
span as (
    select
        client_id,
        {{ months.number('first_data_date') }}
        + case when day(first_data_date) = 1 then 0 else 1 end as first_number
    from features.client_span
),

known as (
    select
        span.client_id,
        greatest(span.first_number, oldest.first_number) as first_number,
        oldest.last_number - greatest(span.first_number, oldest.first_number) + 1 as month_count
    from span
    cross join oldest
),

quarter as (
    select
        known.client_id,
        month.number,
        month.days
    from known
    inner join month on month.number >= known.first_number + 2
),

ahead as (
    select ahead.step
    from (values (0), (1), (2)) as ahead (step)
),

-- a month is part of the three quarters that end with it and with the next two
part as (
    select
        flow.client_id,
        {{ months.number('flow.month') }} + ahead.step as number,
        flow.credit_turnover_amt as inflow_amt
    from features.client_month as flow
    cross join ahead
    where flow.is_full
),

summed as (
    select
        client_id,
        number,
        sum(inflow_amt) as inflow_amt
    from part
    group by client_id, number
),

rated as (
    select
        quarter.client_id,
        cast(coalesce(summed.inflow_amt, 0) / nullif(quarter.days, 0) as decimal(18, 4)) as rate_amt
    from quarter
    left join summed on quarter.client_id = summed.client_id and quarter.number = summed.number
),

middle as (
    select
        client_id,
        cast(quantile_cont(rate_amt, 0.5) as decimal(18, 4)) as usual_amt,
        count(*) as quarter_count
    from rated
    group by client_id
),

-- the middle of the distances from the middle: one month out of the ordinary does not make an account noisy
spaced as (
    select
        rated.client_id,
        cast(quantile_cont(abs(rated.rate_amt - middle.usual_amt), 0.5) as decimal(18, 4)) as deviation_amt
    from rated
    inner join middle on rated.client_id = middle.client_id
    group by rated.client_id
),

single as (
    select
        known.client_id,
        cast(coalesce(flow.credit_turnover_amt, 0) / nullif(month.month_days, 0) as decimal(18, 4)) as rate_amt
    from known
    inner join month on known.first_number <= month.number
    left join features.client_month as flow
        on known.client_id = flow.client_id and month.number = {{ months.number('flow.month') }} and flow.is_full
),

single_middle as (
    select
        client_id,
        cast(quantile_cont(rate_amt, 0.5) as decimal(18, 4)) as usual_amt
    from single
    group by client_id
),

single_spaced as (
    select
        single.client_id,
        max(single_middle.usual_amt) as usual_amt,
        cast(quantile_cont(abs(single.rate_amt - single_middle.usual_amt), 0.5) as decimal(18, 4)) as deviation_amt
    from single
    inner join single_middle on single.client_id = single_middle.client_id
    group by single.client_id
),

-- 1.4826 times that is what a standard deviation would be, were the noise a normal one; over the root of three 0.855979
spread as (
    select
        known.client_id,
        greatest(known.month_count, 0) as month_count,
        coalesce(middle.quarter_count, 0) as quarter_count,
        middle.usual_amt,
        case
            when known.month_count >= setting.least_months and middle.usual_amt <> 0
                then greatest(
                    cast(148.26 * spaced.deviation_amt / nullif(middle.usual_amt, 0) as decimal(18, 6)),
                    coalesce(
                        cast(
                            85.5979 * single_spaced.deviation_amt / nullif(single_spaced.usual_amt, 0)
                            as decimal(18, 6)
                        ),
                        0
                    )
                )
        end as spread_pct
    from known
    cross join setting
    left join middle on known.client_id = middle.client_id
    left join spaced on known.client_id = spaced.client_id
    left join single_spaced on known.client_id = single_spaced.client_id
)

select * from spread
