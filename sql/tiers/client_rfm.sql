-- one row per client: how recently, how often and for how much it banks here, in fifths of all companies or persons
with
newest as (
    select max(month_no) as month_no
    from tiers_evaluation.due_month
),

due as (
    select
        due_month.month_no,
        due_month.month,
        due_month.year_start
    from tiers_evaluation.due_month as due_month
    inner join newest on due_month.month_no = newest.month_no
),

turnover as (
    select
        client_month.client_id,
        sum(client_month.credit_turnover_amt) as turnover_amt
    from features.client_month as client_month
    cross join due
    where client_month.month between due.year_start and due.month
    group by client_month.client_id
),

-- a fifth of a year is no year: only who was here for a whole season is compared
measured as (
    select
        metric.client_id,
        metric.month,
        metric.person_kind,
        case
            when span.last_client_initiated_date >= due.year_start then span.last_client_initiated_date
        end as last_active_on,
        case
            when span.last_client_initiated_date >= due.year_start
                then date_diff('day', span.last_client_initiated_date, $business_date)
        end as recency_days,
        metric.active_months,
        cast(coalesce(turnover.turnover_amt, 0) / 12 as decimal(18, 2)) as turnover_avg_month_amt
    from tiers_evaluation.metric as metric
    inner join due on metric.month_no = due.month_no
    left join features.client_span as span on metric.client_id = span.client_id
    left join turnover on metric.client_id = turnover.client_id
    where metric.observed_months = 12
),

-- those with less, and half of those with the same: equal clients are never in two fifths
placed as (
    select
        measured.*,
        count(*) over (partition by person_kind) as clients,
        rank() over (partition by person_kind order by last_active_on asc nulls first) as recency_place,
        count(*) over (partition by person_kind, last_active_on) as recency_equal,
        rank() over (partition by person_kind order by active_months) as frequency_place,
        count(*) over (partition by person_kind, active_months) as frequency_equal,
        rank() over (partition by person_kind order by turnover_avg_month_amt) as monetary_place,
        count(*) over (partition by person_kind, turnover_avg_month_amt) as monetary_equal
    from measured
),

{% set parts = ['recency', 'frequency', 'monetary'] %}
fifths as (
    select
        client_id,
        recency_days,
        active_months,
        turnover_avg_month_amt,
        {% for part in parts %}
        cast(
            floor(
                cast(
                    5.0 * (2 * ({{ part }}_place - 1) + {{ part }}_equal) / nullif(2 * clients, 0) as decimal(18, 6)
                )
            ) as integer
        ) + 1 as {{ part }}_score,
        {% endfor %}
        month
    from placed
),

evaluated as (
    select
        client_id,
        month,
        recency_days,
        active_months,
        turnover_avg_month_amt,
        recency_score,
        frequency_score,
        monetary_score,
        cast(recency_score as varchar) || cast(frequency_score as varchar) || cast(monetary_score as varchar) as rfm
    from fifths
),

active as (
    select client_id
    from staging.client
    where is_active
),

carried as (
    select standing.*
    from previous.client_rfm as standing
    inner join active on standing.client_id = active.client_id
    left join evaluated on standing.client_id = evaluated.client_id
    where evaluated.client_id is null
),

every as (
    select * from evaluated
    union all
    select * from carried
)

select * from every
