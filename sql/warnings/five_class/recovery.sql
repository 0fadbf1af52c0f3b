-- one row per loan that was bad by its arrears and is not yet proven again: until when it stays so
{% import 'macros/five_class.sql' as five_class %}
with
episode as (
    select
        loan_id as case_id,
        loan_id,
        started_on,
        ended_on,
        max_days
    from features.loan_overdue_episode
),

{{ five_class.recovering('$business_date') }},

by_loan as (
    select
        case_id as loan_id,
        held_until
    from recovery
)

select * from by_loan
