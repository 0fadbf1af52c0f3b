-- one row per client on whose place risk has ever decided: the last day of that, which is its last review
with
decision as (
    select
        subject_key,
        decided_on
    from warnings.decision
    where subject = 'watch' and refused_because is null
),

reviewed as (
    select
        subject_key as client_id,
        max(decided_on) as reviewed_on
    from decision
    group by subject_key
)

select * from reviewed
