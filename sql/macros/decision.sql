{# Whether a decision counts (policy decision_rule), written once for the nights and for the desk that takes it.
   The steps `person`, `rule`, `known_verdict` and `judged`: the rows of the step or table `taken` (decision_id, subject,
   verdict, decided_by, checker_id, decided_on, until; branch_id and maker_id: of what is decided, null where nobody
   asks) with `refused_because`, null where it counts. Staff are those of tonight's registry, as of the day of the
   decision. #}
{% macro judged(taken) -%}
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
    select * from policy.decision_rule
),

known_verdict as (
    select distinct
        subject,
        verdict
    from rule
),

judged as (
    select
        taken.*,
        case
            when known_verdict.subject is null then 'verdict_does_not_fit'
            when decider.staff_id is null then 'decider_unknown'
            when taken.decided_on < decider.active_from then 'decider_not_yet'
            when taken.decided_on > decider.active_to then 'decider_left'
            when not coalesce(rule.may_decide, false) then 'decider_role'
            when rule.is_own_branch and taken.branch_id <> decider.branch_id then 'decider_branch'
            when taken.decided_by = taken.maker_id then 'decider_is_maker'
            when taken.checker_id = taken.decided_by then 'checker_is_decider'
            when taken.checker_id = taken.maker_id then 'checker_is_maker'
            when rule.needs_checker and taken.checker_id is null then 'checker_missing'
            when taken.checker_id is not null and checker.staff_id is null then 'checker_unknown'
            when taken.decided_on < checker.active_from then 'checker_not_yet'
            when taken.decided_on > checker.active_to then 'checker_left'
            when rule.needs_checker and not coalesce(check_rule.may_check, false) then 'checker_role'
            when
                rule.needs_checker and check_rule.is_own_branch and taken.branch_id <> checker.branch_id
                then 'checker_branch'
            when rule.max_days is null and taken.until is not null then 'end_not_taken'
            when rule.max_days is not null and taken.until is null then 'end_missing'
            when taken.until <= taken.decided_on then 'end_passed'
            when date_diff('day', taken.decided_on, taken.until) > rule.max_days then 'end_too_late'
        end as refused_because
    from {{ taken }} as taken
    left join known_verdict on taken.subject = known_verdict.subject and taken.verdict = known_verdict.verdict
    left join person as decider on taken.decided_by = decider.staff_id
    left join rule
        on taken.subject = rule.subject and taken.verdict = rule.verdict and decider.role = rule.role
    left join person as checker on taken.checker_id = checker.staff_id
    left join rule as check_rule
        on taken.subject = check_rule.subject and taken.verdict = check_rule.verdict and checker.role = check_rule.role
)
{%- endmacro %}
