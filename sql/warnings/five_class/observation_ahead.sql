-- one row per case (warnings_five_class.case_ahead) of a loan that is observed on the day of the forecast: until
-- when, and whether restructured again or unpaid in that time
{% import 'macros/five_class.sql' as five_class %}
with
cases as (
    select
        case_id,
        loan_id
    from warnings_five_class.case_ahead
),

class_day as (
    select * from features_loan.class_day
),

episode as (
    select
        case_id,
        loan_id,
        started_on,
        ended_on
    from warnings_five_class.episode_ahead
),

{{ five_class.observed('(select forecast_on from class_day)') }}

select * from observation
