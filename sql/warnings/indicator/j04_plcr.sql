-- one row per client with a project in operation that owes, where the bank has forecasts: J04, the present value of the
-- cash flow up to the end of the project over its debt
{% import 'macros/indicator.sql' as indicator %}
{% import 'macros/project.sql' as projects %}
with
rule as (
    select * from policy.indicator
    where indicator = 'J04'
),

{{ projects.cover(
    indicator.judge,
    table='features_project.life_cover',
    cover_amt='project_life_value_amt',
    owed_amt='debt_amt',
    level='plcr',
    to='forecast_to',
    until='concession_end'
) }}

select * from worst
