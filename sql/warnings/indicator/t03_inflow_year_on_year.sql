-- one row per client with inflows worth the name: T03, the fall of the inflow of 90 days on the same days last year,
-- held against how much it usually varies; around Spring Festival whole months are compared
-- Red needs the 90 days to lie below the year before them too, as T02 has it: otherwise last year's were out of the
-- ordinary, not this year's.
{% import 'macros/indicator.sql' as indicator %}
{% import 'macros/month.sql' as months %}
with
rule as (
    select * from policy.indicator
    where indicator = 'T03'
),

-- one row, also where policy sets no amount
amount as (
    select max(amber_amt) as amber_amt
    from policy.indicator_amount
    where indicator = 'T03'
),

year_rule as (
    select
        amber_value,
        min_days
    from policy.indicator
    where indicator = 'T02'
),

noise as (
    select
        max(case when setting = 'noise_amber_spreads' then value end) as amber_spreads,
        max(case when setting = 'noise_red_spreads' then value end) as red_spreads,
        max(case when setting = 'noise_most_pct' then value end) as most_pct
    from policy.signal_setting
),

spread as (
    select * from features_inflow.spread
),

client as (
    select * from staging.client
),

span as (
    select * from features.client_span
),

flow as (
    select * from features.client_window
),

-- one row, also where the 90 days cut no festival
festival as (
    select
        max(first_number) as first_number,
        max(last_number) as last_number,
        max(first_day_before) as first_day_before,
        max(date_diff('day', first_day, end_day)) as now_days,
        max(date_diff('day', first_day_before, end_day_before)) as before_days,
        substr(cast(max(first_day) as varchar), 1, 7) || '/' || substr(cast(max(end_day) - 1 as varchar), 1, 7) as told
    from features_inflow.festival_month
),

festival_flow as (
    select
        flow.client_id,
        sum(
            case
                when {{ months.number('flow.month') }} between festival.first_number and festival.last_number
                    then flow.credit_turnover_amt
            end
        ) as now_amt,
        sum(
            case
                when
                    {{ months.number('flow.month') }} + 12 between festival.first_number and festival.last_number
                    then flow.credit_turnover_amt
            end
        ) as before_amt
    from features.client_month as flow
    cross join festival
    where festival.first_number is not null
    group by flow.client_id
),

owner as (
    select distinct client_id
    from features.project_state
),

-- rates per day, since the data may begin within the days of last year; too small a client is told by all known days
rates as (
    select
        span.client_id,
        span.last_data_date,
        coalesce(flow.unconverted_455d_count, 0) = 0 as is_converted,
        -- who has a project may be its company, to which this does not apply
        client.is_spv is not null or owner.client_id is null as is_kind_known,
        case
            when festival.first_number is null then span.covered_year_ago_90d_days >= rule.min_days
            else span.first_data_date <= festival.first_day_before
        end as has_baseline,
        case when festival.first_number is null then flow.inflow_year_ago_90d_amt else coalesce(whole.before_amt, 0) end
            as before_sum,
        coalesce(festival.before_days, span.covered_year_ago_90d_days) as before_days,
        case when festival.first_number is null then flow.inflow_90d_amt else coalesce(whole.now_amt, 0) end as now_sum,
        coalesce(festival.now_days, span.covered_90d_days) as now_days,
        festival.told as festival_told,
        flow.inflow_prior_365d_amt + flow.inflow_90d_amt as all_sum,
        span.covered_prior_365d_days + span.covered_90d_days as all_days,
        coalesce(amount.amber_amt, 0) as least_month_amt,
        spread.spread_pct,
        case
            when span.covered_prior_365d_days >= year_rule.min_days
                then cast(
                    flow.inflow_90d_amt * span.covered_prior_365d_days
                    / nullif(greatest(flow.inflow_prior_365d_amt, 0) * span.covered_90d_days, 0) as decimal(18, 6)
                )
        end as year_share
    from span
    inner join client on span.client_id = client.client_id
    inner join flow on span.client_id = flow.client_id
    cross join rule
    cross join year_rule
    cross join amount
    cross join festival
    left join festival_flow as whole on span.client_id = whole.client_id
    left join owner on span.client_id = owner.client_id
    left join spread on span.client_id = spread.client_id
    where not coalesce(client.is_spv, false)
),

rated as (
    select
        *,
        cast(before_sum / nullif(before_days, 0) as decimal(18, 4)) as before_amt,
        cast(now_sum / nullif(now_days, 0) as decimal(18, 4)) as now_amt,
        -- of both rates at once: neither is rounded before it is divided
        cast(now_sum * before_days / nullif(greatest(before_sum, 0) * now_days, 0) as decimal(18, 6)) as share,
        -- both of the quarters that are compared vary: their difference by the root of two times as much
        cast(1.414214 * spread_pct as decimal(18, 6)) as difference_pct,
        case when has_baseline then before_sum else all_sum end as known_sum,
        case when has_baseline then before_days else all_days end as known_days
    from rates
),

measured as (
    select
        rated.client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        is_converted and has_baseline and is_kind_known as is_assessed,
        case when is_converted and has_baseline and is_kind_known then 100 * (1 - share) end as value,
        before_amt as baseline,
        now_amt as second_value,
        last_data_date as data_date,
        'client_window:' || rated.client_id as source_keys,
        rated.spread_pct,
        case
            when not is_converted then 'unconverted'
            when not has_baseline then 'short_history'
            else 'kind_not_known'
        end as unread_as,
        rated.festival_told,
        greatest(
            rule.amber_value, least(coalesce(noise.amber_spreads * rated.difference_pct, 0), noise.most_pct)
        ) as own_amber_pct,
        greatest(rule.red_value, least(coalesce(noise.red_spreads * rated.difference_pct, 0), noise.most_pct))
            as own_red_pct,
        coalesce(
            100 * (1 - rated.year_share)
            >= greatest(
                year_rule.amber_value, least(coalesce(noise.amber_spreads * rated.spread_pct, 0), noise.most_pct)
            ),
            false
        ) as is_below_year
    from rated
    cross join rule
    cross join year_rule
    cross join noise
    where
        rated.known_sum > 0 and rated.known_days > 0
        -- a month of 365 / 12 days, to the cent
        and 365 * rated.known_sum >= 12 * rated.known_days * (rated.least_month_amt - 0.005)
        or not rated.is_converted
),

{{ indicator.judge(
    amber_if='measured.value >= measured.own_amber_pct',
    red_if='measured.value >= measured.own_red_pct and measured.spread_pct is not null and measured.is_below_year',
    amber_threshold='measured.own_amber_pct',
    red_threshold='measured.own_red_pct',
    reason_case="case when measured.festival_told is not null then 'festival' end",
    detail='measured.festival_told',
    guard_case="'own_spread'",
    unread_case='measured.unread_as'
) }}

select * from worst
