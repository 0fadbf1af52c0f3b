-- one row per decision of a person that was known by the cut-off
with
decision as (
    select * from source.decision
    where decided_at <= $cutoff
),

dated as (
    select
        decision_id,
        subject,
        subject_key,
        verdict,
        decided_by,
        checker_id,
        decided_at,
        cast((decided_at at time zone 'UTC') at time zone $timezone as date) as decided_on,
        until,
        note,
        known_at
    from decision
)

select * from dated
