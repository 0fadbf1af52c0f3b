-- one row per decision that somebody is about to take: why it may not be taken, null where it may
{% import 'macros/decision.sql' as decision %}
with
proposed as (
    select * from night.proposed_decision
),

{{ decision.judged('proposed') }},

condition_set as (
    select distinct
        project_id,
        period_end
    from esg.review_condition
),

-- a verdict that holds on conditions says nothing without one
unconditioned as (
    select review.subject_key
    from esg.esg_review as review
    left join condition_set
        on review.project_id = condition_set.project_id and review.period_end = condition_set.period_end
    where review.state = 'prepared' and review.verdict = 'conditional' and condition_set.project_id is null
),

-- one that was sent back is prepared anew before it is approved; what nobody sent back waits for its approver
returned as (
    select subject_key
    from esg.esg_review
    where returned_by is not null
),

answered as (
    select
        judged.decision_id,
        coalesce(
            judged.refused_because,
            case when unconditioned.subject_key is not null then 'condition_missing' end,
            case
                when judged.subject <> 'esg_review' then null
                when judged.verdict = 'close' and returned.subject_key is null then 'not_returned'
                when judged.verdict <> 'close' and returned.subject_key is not null then 'is_returned'
            end
        ) as refused_because
    from judged
    left join unconditioned
        on
            judged.subject = 'esg_review'
            and judged.verdict = 'approve'
            and judged.subject_key = unconditioned.subject_key
    left join returned on judged.subject_key = returned.subject_key
)

select * from answered
