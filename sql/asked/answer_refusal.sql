-- one row per answer that somebody gives to a task: why that person may not, null where it is well
with
answer as (
    select * from night.given_answer
),

person as (
    select
        staff_id,
        branch_id,
        role,
        coalesce(active_from, date '1900-01-01') as active_from,
        coalesce(active_to, date '9999-12-31') as active_to
    from source.staff
),

rule as (
    select * from policy.answer_rule
),

judged as (
    select
        answer.number,
        case
            when person.staff_id is null then 'unknown'
            when answer.given_on < person.active_from then 'not_yet'
            when answer.given_on > person.active_to then 'left'
            when rule.role is null then 'role'
            when rule.is_own_branch and coalesce(person.branch_id <> answer.branch_id, true) then 'branch'
        end as refused_because
    from answer
    left join person on answer.given_by = person.staff_id
    left join rule on person.role = rule.role
)

select * from judged
