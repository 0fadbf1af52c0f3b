-- one row per company with accounts published or owed, no project company under construction: F12, how many
-- times earnings before depreciation pay the interest
{% import 'macros/indicator.sql' as indicator %}
{% import 'macros/statement.sql' as statements %}
with
rule as (
    select * from policy.indicator
    where indicator = 'F12'
),

{{ statements.ratio(
    'F12',
    quotient='position.ebitda_latest / nullif(position.interest_expense_latest, 0)',
    part='ebitda_latest',
    base='interest_expense_latest'
) }}

{{ indicator.judge(unread_case='measured.unread_as') }}

select * from worst
