-- one row per client with a project in operation, where the bank has forecasts: J02, the cash flow that the next twelve
-- months are forecast to bring over their debt service
{% import 'macros/indicator.sql' as indicator %}
{% import 'macros/project.sql' as projects %}
with
rule as (
    select * from policy.indicator
    where indicator = 'J02'
),

{{ projects.cover(
    indicator.judge,
    table='features_project.cover',
    cover_amt='cfads_next_12m_amt',
    owed_amt='debt_service_next_12m_amt',
    level='dscr',
    to='ahead_to',
    until='ahead_to'
) }}

select * from worst
