-- one row per decision about something that a night shows of a client: what of, whether it counts, or why not
with
about as (
    select distinct
        subject,
        subject_key,
        client_id
    from asked.decidable
),

client_decision as (
    select
        about.client_id,
        decision.decided_at,
        decision.decision_id,
        decision.subject,
        decision.subject_key,
        decision.verdict,
        decision.decided_by,
        decision.checker_id,
        decision.decided_on,
        decision.until,
        decision.refused_because
    from warnings.decision as decision
    inner join about on decision.subject = about.subject and decision.subject_key = about.subject_key
)

select * from client_decision
