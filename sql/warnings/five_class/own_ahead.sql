-- one row per case (warnings_five_class.case_ahead) and reason why the loan is not better than a class on the day of
-- the forecast by its own merits, or that it is not overdue then
{% import 'macros/five_class.sql' as five_class %}
with
loan as (
    select * from warnings_five_class.loan_ahead
),

observation as (
    select * from warnings_five_class.observation_ahead
),

recovery as (
    select * from warnings_five_class.recovery_ahead
),

{{ five_class.classes() }},

{{ five_class.own_reasons() }}

select * from own
