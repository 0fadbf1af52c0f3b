-- one row per person at work who may decide, or be the second of, what somebody is about to decide
with
proposed as (
    select * from night.proposed_decision
),

person as (
    select * from source.staff
),

rule as (
    select * from policy.decision_rule
),

taker as (
    select
        person.staff_id,
        person.role,
        rule.may_decide and coalesce(person.staff_id <> proposed.maker_id, true) as may_decide,
        rule.may_check and person.staff_id <> proposed.decided_by as may_check,
        rule.needs_checker
    from proposed
    inner join rule on proposed.subject = rule.subject and proposed.verdict = rule.verdict
    inner join person on rule.role = person.role
    where
        coalesce(person.active_from, date '1900-01-01') <= proposed.decided_on
        and coalesce(person.active_to, date '9999-12-31') >= proposed.decided_on
        and (not rule.is_own_branch or coalesce(person.branch_id = proposed.branch_id, true))
)

select * from taker
