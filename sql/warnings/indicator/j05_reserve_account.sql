-- one row per client with a project in operation that keeps a debt service reserve: J05, the reserve held in percent of
-- what is required
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'J05'
),

project as (
    select * from features_project.cover
),

actual as (
    select * from features_project.period
    where kind = 'actual'
),

column_supplied as (
    select count(*) as columns
    from night.supplied_column
    where table_name = 'project_cashflow' and column_name in ('dsra_balance', 'dsra_required')
),

held as (
    select
        project_id,
        period_end,
        dsra_balance,
        dsra_required,
        cast(100 * dsra_balance / nullif(dsra_required, 0) as decimal(18, 4)) as held_pct,
        row_number() over (partition by project_id order by period_end desc) as place
    from actual
),

-- the last period in which the reserve was whole, before which no shortage reaches
whole as (
    select
        held.project_id,
        max(held.period_end) as whole_on
    from held
    cross join rule
    where held.held_pct >= rule.amber_value
    group by held.project_id
),

short_since as (
    select
        held.project_id,
        min(held.period_end) as short_since
    from held
    left join whole on held.project_id = whole.project_id
    where held.held_pct is not null and coalesce(held.period_end > whole.whole_on, true)
    group by held.project_id
),

-- no reserve is agreed where none was ever required
keeper as (
    select project_id
    from actual
    group by project_id
    having count(dsra_required) > 0
),

measured as (
    select
        project.client_id,
        cast(null as varchar) as loan_id,
        project.project_id,
        project.is_actual_current
        and held.dsra_required is not null
        and (held.held_pct is not null or held.dsra_required = 0) as is_assessed,
        case when project.is_actual_current then held.held_pct end as value,
        held.dsra_required as baseline,
        held.dsra_balance as second_value,
        held.period_end as data_date,
        coalesce(
            'project_cashflow:' || project.project_id || '|' || cast(held.period_end as varchar) || '|actual',
            'project:' || project.project_id
        ) as source_keys,
        short_since.short_since,
        -- short in one report and in a later one: it was not filled up in between
        coalesce(
            held.held_pct is not null
            and date_diff('day', short_since.short_since, held.period_end) > rule.second_red
            and project.is_actual_current,
            false
        ) as is_left_short
    from project
    cross join rule
    cross join column_supplied
    left join held on project.project_id = held.project_id and held.place = 1
    left join short_since on project.project_id = short_since.project_id
    left join keeper on project.project_id = keeper.project_id
    where keeper.project_id is not null or column_supplied.columns < 2
),

{{ indicator.judge(
    red_too='measured.is_left_short',
    red_threshold='case when measured.value < rule.red_value then rule.red_value else rule.amber_value end',
    reason_case="case when measured.is_left_short then 'left_short' end",
    detail='measured.short_since',
    many=true
) }}

select * from worst
