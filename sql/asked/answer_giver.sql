-- one row per answer and person at work who may give it
with
answer as (
    select * from night.given_answer
),

person as (
    select * from source.staff
),

rule as (
    select * from policy.answer_rule
),

giver as (
    select
        answer.number,
        person.staff_id,
        person.role,
        coalesce(person.branch_id = answer.branch_id, false) as is_of_branch
    from answer
    cross join person
    inner join rule on person.role = rule.role
    left join tasks.client_owner as owner on answer.client_id = owner.client_id
    where
        coalesce(person.active_from, date '1900-01-01') <= answer.given_on
        and coalesce(person.active_to, date '9999-12-31') >= answer.given_on
        and (not rule.is_own_branch or person.branch_id = answer.branch_id)
        and (
            rule.for_others <> 'refused'
            or answer.owner_id is null
            or person.staff_id in (
                answer.owner_id, coalesce(owner.owner_id, answer.owner_id), coalesce(owner.deputy_id, answer.owner_id)
            )
        )
)

select * from giver
