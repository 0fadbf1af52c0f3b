-- one row per client with inflows worth the name: T02, the fall of the daily inflow of 90 days on the 365 before, held
-- against how much it usually varies, and against the season (T03)
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'T02'
),

-- one row, also where policy sets no amount
amount as (
    select max(amber_amt) as amber_amt
    from policy.indicator_amount
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

last_year as (
    select
        client_id,
        is_assessed,
        severity
    from warnings_indicator.t03_inflow_year_on_year
),

owner as (
    select distinct client_id
    from features.project_state
),

-- a month has 365 / 12 days; where the baseline is too short, all known days say whether the client is too small
rates as (
    select
        span.client_id,
        span.last_data_date,
        coalesce(flow.unconverted_455d_count, 0) = 0 as is_converted,
        -- who has a project may be its company, to which this does not apply
        client.is_spv is not null or owner.client_id is null as is_kind_known,
        span.covered_prior_365d_days >= rule.min_days as has_baseline,
        flow.inflow_prior_365d_amt as before_sum,
        span.covered_prior_365d_days as before_days,
        flow.inflow_90d_amt as now_sum,
        span.covered_90d_days as now_days,
        flow.inflow_prior_365d_amt + flow.inflow_90d_amt as all_sum,
        span.covered_prior_365d_days + span.covered_90d_days as all_days,
        coalesce(amount.amber_amt, 0) as least_month_amt,
        spread.spread_pct
    from span
    inner join client on span.client_id = client.client_id
    inner join flow on span.client_id = flow.client_id
    cross join rule
    cross join amount
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
        greatest(
            rule.amber_value, least(coalesce(noise.amber_spreads * rated.spread_pct, 0), noise.most_pct)
        ) as own_amber_pct,
        greatest(rule.red_value, least(coalesce(noise.red_spreads * rated.spread_pct, 0), noise.most_pct))
            as own_red_pct,
        last_year.is_assessed as is_season_known,
        last_year.severity as season_severity
    from rated
    cross join rule
    cross join noise
    left join last_year on rated.client_id = last_year.client_id
    where
        rated.known_sum > 0 and rated.known_days > 0
        -- a month of 365 / 12 days, to the cent
        and 365 * rated.known_sum >= 12 * rated.known_days * (rated.least_month_amt - 0.005)
        or not rated.is_converted
),

-- a fall that last year had too is the season's; what last year says nothing of, or less than a year, is amber at most
{{ indicator.judge(
    amber_if='measured.value >= measured.own_amber_pct',
    red_if="measured.value >= measured.own_red_pct
            and measured.spread_pct is not null
            and measured.season_severity in ('amber', 'red')",
    blue_if='measured.is_season_known and measured.season_severity is null',
    amber_threshold='measured.own_amber_pct',
    red_threshold='measured.own_red_pct',
    reason_case="case when measured.is_season_known and measured.season_severity is null then 'season' end",
    guard_case="'own_spread'",
    unread_case='measured.unread_as'
) }}

select * from worst
