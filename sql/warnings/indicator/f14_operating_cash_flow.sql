-- one row per company with accounts published or owed, no project company under construction: F14, periods in
-- a row whose operations cost cash, two at most
{% import 'macros/indicator.sql' as indicator %}
{% import 'macros/statement.sql' as statements %}
with
rule as (
    select * from policy.indicator
    where indicator = 'F14'
),

{{ statements.below_zero('operating_cash_flow') }}

{{ indicator.judge(unread_case='measured.unread_as') }}

select * from worst
