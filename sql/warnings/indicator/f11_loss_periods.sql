-- one row per company with accounts published or owed, no project company under construction: F11, periods in
-- a row that ended in a loss, two at most
{% import 'macros/indicator.sql' as indicator %}
{% import 'macros/statement.sql' as statements %}
with
rule as (
    select * from policy.indicator
    where indicator = 'F11'
),

{{ statements.below_zero('net_income') }}

{{ indicator.judge(unread_case='measured.unread_as') }}

select * from worst
