-- one row per person and quarter (`staff:quarter`) of which two people of risk have said whether conduct was violated:
-- the newest word counts
with
decided as (
    select
        subject_key,
        verdict,
        decided_on,
        row_number() over (partition by subject_key order by decided_at desc, decision_id desc) as place
    from warnings.decision
    where subject = 'conduct' and refused_because is null
),

conduct as (
    select
        subject_key,
        verdict,
        decided_on
    from decided
    where place = 1
)

select * from conduct
