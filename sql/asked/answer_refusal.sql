-- one row per answer that somebody gives to a task: why that person may not, null where it is well; for whom it is
-- given where the card is neither that person's to see to nor one that the role answers without a word; and whether
-- that person is away on the day: the answer counts until whoever stands in gives another one
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

away as (
    select distinct answer.number
    from answer
    inner join source.absence as absence
        on
            answer.given_by = absence.staff_id
            and answer.given_on >= absence.from_on
            and answer.given_on <= absence.to_on
),

-- whose a card is: who is asked, and of its client who looks after it and who stands in
whose as (
    select
        answer.*,
        answer.owner_id is null
        or answer.given_by in (
            answer.owner_id, coalesce(owner.owner_id, answer.owner_id), coalesce(owner.deputy_id, answer.owner_id)
        ) as is_own
    from answer
    left join tasks.client_owner as owner on answer.client_id = owner.client_id
),

judged as (
    select
        whose.number,
        whose.owner_id,
        whose.is_own,
        rule.for_others,
        away.number is not null as is_away,
        case
            when person.staff_id is null then 'unknown'
            when whose.given_on < person.active_from then 'not_yet'
            when whose.given_on > person.active_to then 'left'
            when rule.role is null then 'role'
            when rule.is_own_branch and coalesce(person.branch_id <> whose.branch_id, true) then 'branch'
            when rule.for_others = 'refused' and not whose.is_own then 'not_own'
        end as refused_because
    from whose
    left join away on whose.number = away.number
    left join person on whose.given_by = person.staff_id
    left join rule on person.role = rule.role
)

select
    number,
    refused_because,
    case when refused_because is null and for_others = 'told' and not is_own then owner_id end as answered_for,
    refused_because is null and is_away as is_away
from judged
