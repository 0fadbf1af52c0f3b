-- one row per company with accounts published or owed, no project company under construction: F08, profit before
-- tax in percent of revenue
{% import 'macros/indicator.sql' as indicator %}
{% import 'macros/statement.sql' as statements %}
with
rule as (
    select * from policy.indicator
    where indicator = 'F08'
),

{{ statements.ratio(
    'F08',
    quotient='100 * position.pretax_profit_latest / nullif(position.revenue_latest, 0)',
    part='pretax_profit_latest',
    base='revenue_latest'
) }}

{{ indicator.judge(unread_case='measured.unread_as') }}

select * from worst
