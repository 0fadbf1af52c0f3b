-- one row per prepared review that somebody decided about since: the newest verdict, and who said of one that was sent
-- back that it is needed no more. Whoever prepared it is not heard
with
review as (
    select * from staging.esg_review
),

decision as (
    select * from warnings.decision
    where subject = 'esg_review' and refused_because is null and verdict in ('approve', 'reject', 'close')
),

heard as (
    select
        review.project_id,
        review.period_end,
        decision.decision_id,
        decision.verdict,
        decision.decided_by,
        decision.decided_at,
        decision.decided_on,
        decision.note
    from review
    inner join decision
        on
            review.subject_key = decision.subject_key
            and review.prepared_by <> decision.decided_by
            and review.prepared_at <= decision.decided_at
),

ordered as (
    select
        *,
        row_number() over (
            partition by project_id, period_end, verdict = 'close'
            order by decided_at desc, decision_id desc
        ) as place
    from heard
),

judged as (
    select * from ordered
    where place = 1 and verdict <> 'close'
),

closing as (
    select * from ordered
    where place = 1 and verdict = 'close'
),

newest as (
    select
        judged.project_id,
        judged.period_end,
        judged.verdict,
        judged.decided_by,
        judged.decided_on,
        coalesce(closing.note, judged.note) as note,
        closing.decided_by as closed_by,
        closing.decided_on as closed_on
    from judged
    left join closing
        on
            judged.project_id = closing.project_id
            and judged.period_end = closing.period_end
            and judged.verdict = 'reject'
            and judged.decided_at <= closing.decided_at
)

select * from newest
