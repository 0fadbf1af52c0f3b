-- one row per project and period that somebody prepared a review of, as known by the cut-off
with
review as (
    select * from source.esg_review
    where period_end <= $business_date and prepared_at <= $cutoff
),

dated as (
    select
        project_id,
        period_end,
        project_id || ':' || cast(period_end as varchar) as subject_key,
        verdict,
        judgement,
        next_review_on,
        site_visit_on,
        consultant_on,
        prepared_by,
        prepared_at,
        cast((prepared_at at time zone 'UTC') at time zone $timezone as date) as prepared_on,
        score_strict,
        score_evidenced,
        coverage_pct,
        facts_on,
        facts_hash
    from review
)

select * from dated
