-- one row per project and indicator whose lines its contract sets: the contract's own, null where it has none and
-- policy's holds; of J06 the limit itself, which policy's lines are counted from. And one row per project company that
-- T17 holds to a line of its own
{% set metrics = {'J01': 'dscr', 'J02': 'dscr', 'J03': 'llcr', 'J04': 'plcr'} %}
with
agreed as (
    select * from features_project.covenant_limit
),

project as (
    select
        project_id,
        client_id
    from features.project_state
),

lined as (
    {% for code, metric in metrics.items() %}
    select
        project_id,
        '{{ code }}' as indicator,
        {{ metric }}_lock_up as amber_line,
        {{ metric }}_default as red_line,
        cast(null as decimal(18, 4)) as limit_value
    from agreed
    where {{ metric }}_lock_up is not null or {{ metric }}_default is not null
    union all
    {% endfor %}
    select
        project_id,
        'J06' as indicator,
        cast(null as decimal(18, 4)) as amber_line,
        cast(null as decimal(18, 4)) as red_line,
        gearing_limit_pct as limit_value
    from agreed
    where gearing_limit_pct is not null
),

agreed_line as (
    select
        project.client_id,
        lined.project_id,
        lined.indicator,
        lined.amber_line,
        lined.red_line,
        lined.limit_value,
        'contract' as set_by
    from lined
    inner join project on lined.project_id = project.project_id
    union all
    select
        routing.client_id,
        cast(null as varchar) as project_id,
        routing.indicator,
        routing.amber_line,
        cast(null as decimal(18, 4)) as red_line,
        cast(null as decimal(18, 4)) as limit_value,
        'project_company' as set_by
    from warnings_indicator.t17_routing_ratio as routing
    inner join policy.indicator as rule on routing.indicator = rule.indicator
    where routing.amber_line <> rule.amber_value
)

select * from agreed_line
