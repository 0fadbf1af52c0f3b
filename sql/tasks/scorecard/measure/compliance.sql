-- one row per thing that compliance asks of a person, and whether it was violated: a certificate that the role needs on
-- every night of the quarter, a second person beside oneself, and what two people of risk have found
-- A certificate that no night of the quarter could assess is neither held nor violated.
{% import 'macros/scorecard.sql' as scorecard %}
with
quarter as (
    select * from tasks_scorecard.quarter
),

certified as (
    select
        staff_id,
        course,
        state,
        expires_on,
        is_gate,
        business_date
    from history.certificate
),

held as (
    select
        certified.staff_id,
        certified.course,
        min(case when certified.state in ('expired', 'missing') then certified.business_date end) as lapsed_on,
        max(case when certified.state <> 'not_assessed' then 1 else 0 end) = 1 as is_known,
        max(certified.expires_on) as expires_on
    from certified
    cross join quarter
    where
        certified.is_gate
        and certified.business_date between quarter.first_day and quarter.last_day
    group by certified.staff_id, certified.course
),

decided as (
    select decision.*
    from warnings.decision as decision
    cross join quarter
    where decision.decided_on between quarter.first_day and quarter.last_day
),

found as (
    select
        staff_id,
        course as subject,
        case when not is_known then 'not_known' when lapsed_on is null then 'held' else 'lapsed' end as outcome,
        case when is_known then lapsed_on is not null end as is_violated,
        lapsed_on as on_date,
        expires_on as due_on
    from held
    union all
    select
        decided_by as staff_id,
        subject,
        'self_checked' as outcome,
        true as is_violated,
        decided_on as on_date,
        cast(null as date) as due_on
    from decided
    where refused_because in ('checker_is_decider', 'decider_is_maker')
    union all
    select
        person.staff_id,
        'conduct' as subject,
        'conduct' as outcome,
        true as is_violated,
        decision.decided_on as on_date,
        cast(null as date) as due_on
    from tasks_scorecard.person as person
    cross join quarter
    inner join tasks_scorecard.conduct as decision
        on decision.subject_key = person.staff_id || ':' || quarter.quarter
    where decision.verdict = 'confirm'
),

item as (
    select
        staff_id,
        outcome,
        cast(case when is_violated then 1 else 0 end as decimal(18, 4)) as counted,
        cast(case when is_violated is null then 0 else 1 end as decimal(18, 4)) as out_of,
        subject,
        on_date,
        due_on,
        {{ scorecard.lacking('subject', 'on_date', 'due_on') }}
    from found
)

select * from item
