-- one row per decision of a person, as it was judged when it first came: whether it counts, or why not
{% import 'macros/decision.sql' as decision %}
with
before as (
    select * from previous.decision
),

-- a person who left, or a rule that changed, takes back nothing that was decided before; a corrected row is another
paired as (
    select
        decision.*,
        before.decision_id is not null as is_judged,
        before.refused_because as judged_before
    from staging.decision as decision
    left join before on decision.decision_id = before.decision_id and decision.known_at = before.known_at
),

fresh as (
    select
        *,
        cast(null as varchar) as branch_id,
        cast(null as varchar) as maker_id
    from paired
    where not is_judged
),

{{ decision.judged('fresh') }},

settled as (
    select
        decision_id,
        refused_because
    from judged
    union all
    select
        decision_id,
        judged_before as refused_because
    from paired
    where is_judged
),

decided as (
    select
        paired.decision_id,
        paired.subject,
        paired.subject_key,
        paired.verdict,
        paired.decided_by,
        paired.checker_id,
        paired.decided_at,
        paired.decided_on,
        paired.until,
        paired.note,
        paired.known_at,
        settled.refused_because
    from paired
    inner join settled on paired.decision_id = settled.decision_id
)

select * from decided
