-- one row per episode that a person decided about: the newest decision that counts
with
ranked as (
    select
        decision_id,
        subject_key as episode_id,
        verdict,
        decided_on,
        until,
        row_number() over (
            partition by subject_key
            order by decided_at desc, known_at desc nulls last, decision_id desc
        ) as place
    from warnings.decision
    where subject = 'episode' and refused_because is null
),

decided as (
    select
        episode_id,
        decision_id,
        verdict,
        decided_on,
        until
    from ranked
    where place = 1
)

select * from decided
