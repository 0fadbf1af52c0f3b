-- one row per restructured loan: until when it is observed, and whether restructured again or unpaid in that time
{% import 'macros/five_class.sql' as five_class %}
with
cases as (
    select
        loan_id as case_id,
        loan_id
    from features.loan_state
    where status <> 'closed'
),

episode as (
    select
        loan_id as case_id,
        loan_id,
        started_on,
        ended_on
    from features.loan_overdue_episode
),

{{ five_class.observed('$business_date') }},

by_loan as (
    select
        case_id as loan_id,
        observed_until,
        is_again,
        is_unpaid
    from observation
)

select * from by_loan
