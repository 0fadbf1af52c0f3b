-- one row per client with a project in operation that owes, where the bank has forecasts: J03, the present value of the
-- cash flow up to the end of its loans over its debt
{% import 'macros/indicator.sql' as indicator %}
{% import 'macros/project.sql' as projects %}
with
rule as (
    select * from policy.indicator
    where indicator = 'J03'
),

{{ projects.cover(
    indicator.judge,
    table='features_project.life_cover',
    cover_amt='loan_life_value_amt',
    owed_amt='debt_amt',
    level='llcr',
    to='forecast_to',
    until='maturity_on'
) }}

select * from worst
