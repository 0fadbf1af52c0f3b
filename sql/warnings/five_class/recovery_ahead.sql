-- one row per case (warnings_five_class.case_ahead) of a loan that was bad by its arrears, or will have been, and is
-- not proven again on the day of the forecast: until when it stays so
{% import 'macros/five_class.sql' as five_class %}
with
class_day as (
    select * from features_loan.class_day
),

episode as (
    select
        case_id,
        loan_id,
        started_on,
        ended_on,
        max_days
    from warnings_five_class.episode_ahead
),

{{ five_class.recovering('(select forecast_on from class_day)') }}

select * from recovery
