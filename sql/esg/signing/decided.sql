-- one row per prepared review that somebody decided about since: the newest verdict. Whoever prepared it is not heard
with
review as (
    select * from staging.esg_review
),

decision as (
    select * from warnings.decision
    where subject = 'esg_review' and refused_because is null and verdict in ('approve', 'reject')
),

ordered as (
    select
        review.project_id,
        review.period_end,
        decision.verdict,
        decision.decided_by,
        decision.decided_on,
        decision.note,
        row_number() over (
            partition by review.project_id, review.period_end
            order by decision.decided_at desc, decision.decision_id desc
        ) as place
    from review
    inner join decision
        on
            review.subject_key = decision.subject_key
            and review.prepared_by <> decision.decided_by
            and review.prepared_at <= decision.decided_at
),

newest as (
    select
        project_id,
        period_end,
        verdict,
        decided_by,
        decided_on,
        note
    from ordered
    where place = 1
)

select * from newest
