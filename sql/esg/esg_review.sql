-- one row per project and review of it: drafted by the night, prepared by a person, approved by another one, or
-- superseded by a later one that is approved; and whether the facts are still those that it was prepared on
with
project as (
    select * from features.project_state
),

review as (
    select * from staging.esg_review
),

decided as (
    select * from esg_signing.decided
),

tonight as (
    select * from esg_signing.fact_hash
),

score as (
    select * from features.esg_score
    where as_of = $business_date
),

-- a row that the checks hold back may be a review of that project
held as (
    select distinct reviewed_project_id as project_id
    from esg_review.withheld_row
    where table_name in ('esg_review', 'esg_condition')
),

-- of one that keeps no facts it is known that they are others where one is of a later day, and nothing else
later as (
    select
        project_id,
        period_end,
        true as has_later
    from esg_signing.later_fact
    group by project_id, period_end
),

signed as (
    select
        review.*,
        decided.verdict as decision,
        decided.decided_by,
        decided.decided_on,
        decided.closed_by,
        decided.closed_on,
        decided.note
    from review
    left join decided on review.project_id = decided.project_id and review.period_end = decided.period_end
),

newest_approved as (
    select
        project_id,
        max(period_end) as period_end
    from signed
    where decision = 'approve'
    group by project_id
),

newest_entered as (
    select
        project_id,
        max(period_end) as period_end
    from signed
    group by project_id
),

entered as (
    select
        signed.project_id,
        signed.period_end,
        signed.subject_key,
        case
            when signed.decision = 'approve' and signed.period_end < newest_approved.period_end then 'superseded'
            when signed.decision = 'approve' then 'approved'
            when signed.decision = 'reject' then 'drafted'
            else 'prepared'
        end as state,
        signed.score_strict,
        signed.score_evidenced,
        signed.coverage_pct,
        signed.verdict,
        signed.judgement,
        signed.next_review_on,
        signed.site_visit_on,
        signed.consultant_on,
        signed.prepared_by,
        signed.prepared_on,
        case when signed.decision = 'approve' then signed.decided_by end as approved_by,
        case when signed.decision = 'approve' then signed.decided_on end as approved_on,
        case when signed.decision = 'reject' then signed.decided_by end as returned_by,
        case when signed.decision = 'reject' then signed.decided_on end as returned_on,
        signed.closed_by,
        signed.closed_on,
        signed.note,
        signed.facts_on,
        signed.facts_hash
    from signed
    left join newest_approved on signed.project_id = newest_approved.project_id
),

-- the night's own: of the last whole quarter, where nobody has entered one of it or of a later day
quarter as (
    select cast(date_trunc('quarter', $business_date + interval '1' day) - interval '1' day as date) as ended_on
),

draft as (
    select
        project.project_id,
        quarter.ended_on as period_end,
        project.project_id || ':' || cast(quarter.ended_on as varchar) as subject_key,
        'drafted' as state,
        score.score_strict,
        score.score_evidenced,
        score.coverage_pct,
        cast(null as varchar) as verdict,
        cast(null as varchar) as judgement,
        cast(null as date) as next_review_on,
        cast(null as date) as site_visit_on,
        cast(null as date) as consultant_on,
        cast(null as varchar) as prepared_by,
        cast(null as date) as prepared_on,
        cast(null as varchar) as approved_by,
        cast(null as date) as approved_on,
        cast(null as varchar) as returned_by,
        cast(null as date) as returned_on,
        cast(null as varchar) as closed_by,
        cast(null as date) as closed_on,
        cast(null as varchar) as note,
        $business_date as facts_on,
        tonight.facts_hash
    from project
    cross join quarter
    left join newest_entered on project.project_id = newest_entered.project_id
    left join score on project.project_id = score.project_id
    left join tonight on project.project_id = tonight.project_id
    where coalesce(newest_entered.period_end < quarter.ended_on, true)
),

gathered as (
    select * from entered
    union all
    select * from draft
),

compared as (
    select
        $business_date as business_date,
        gathered.project_id,
        project.client_id,
        project.branch_id,
        gathered.period_end,
        gathered.subject_key,
        gathered.state,
        gathered.score_strict,
        gathered.score_evidenced,
        gathered.coverage_pct as coverage,
        gathered.verdict,
        gathered.judgement,
        gathered.next_review_on,
        gathered.site_visit_on,
        gathered.consultant_on,
        gathered.prepared_by,
        gathered.prepared_on,
        gathered.approved_by,
        gathered.approved_on,
        gathered.returned_by,
        gathered.returned_on,
        gathered.closed_by,
        gathered.closed_on,
        gathered.note,
        gathered.facts_on,
        gathered.facts_hash,
        case
            when gathered.state in ('prepared', 'approved')
                then coalesce(
                    gathered.facts_hash <> tonight.facts_hash and gathered.facts_hash <> tonight.plain_hash,
                    later.has_later
                )
        end as has_changed,
        tonight.facts_hash as facts_hash_tonight,
        tonight.finding,
        held.project_id is not null as is_perhaps_incomplete
    from gathered
    inner join project on gathered.project_id = project.project_id
    left join tonight on gathered.project_id = tonight.project_id
    left join held on gathered.project_id = held.project_id
    left join later on gathered.project_id = later.project_id and gathered.period_end = later.period_end
)

select * from compared
