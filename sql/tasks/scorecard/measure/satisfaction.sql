-- one row per answer to a survey in the quarter, for the person whom it is about
{% import 'macros/scorecard.sql' as scorecard %}
with
quarter as (
    select * from tasks_scorecard.quarter
),

answered as (
    select survey.*
    from source.survey as survey
    cross join quarter
    where survey.answered_on between quarter.first_day and quarter.last_day and survey.csat is not null
),

item as (
    select
        coalesce(answered.staff_id, owned.staff_id) as staff_id,
        'answered' as outcome,
        cast(answered.csat as decimal(18, 4)) as counted,
        cast(1 as decimal(18, 4)) as out_of,
        answered.client_id,
        answered.response_id as subject,
        answered.answered_on as on_date,
        {{ scorecard.lacking('client_id', 'subject', 'on_date') }}
    from answered
    left join tasks_scorecard.owned as owned
        on
            answered.client_id = owned.client_id
            and answered.answered_on >= owned.from_on
            and answered.answered_on <= owned.to_on
)

select * from item
