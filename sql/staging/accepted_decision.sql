-- one row per decision that the bank's own rules allow: by somebody at work whose role may take it, and, where they ask
-- for a second person, checked by another one whose role may check it
with
decision as (
    select * from staging.decision
),

staff as (
    select * from source.staff
),

decision_rule as (
    select * from policy.decision_rule
),

accepted as (
    select decision.*
    from decision
    inner join staff as maker on decision.decided_by = maker.staff_id
    inner join decision_rule as rule
        on decision.subject = rule.subject and decision.verdict = rule.verdict and maker.role = rule.role
    left join staff as checker
        on decision.checker_id = checker.staff_id and decision.checker_id <> decision.decided_by
    left join decision_rule as check_rule
        on
            decision.subject = check_rule.subject
            and decision.verdict = check_rule.verdict
            and checker.role = check_rule.role
    where
        rule.may_decide
        and (not rule.needs_checker or coalesce(check_rule.may_check, false))
        and coalesce(maker.active_from <= decision.decided_on, true)
        and coalesce(maker.active_to >= decision.decided_on, true)
        and coalesce(checker.active_from <= decision.decided_on, true)
        and coalesce(checker.active_to >= decision.decided_on, true)
)

select * from accepted
