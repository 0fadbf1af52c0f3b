-- one row per review that somebody prepared and fact of tonight that became so after the day on which it was: of one
-- that keeps no facts all that can be told of what has changed. Facts without a day of their own are not here
with
review as (
    select
        project_id,
        period_end,
        prepared_on
    from staging.esg_review
),

-- what becomes so by a day passing does on the next one
dated as (
    select
        project_id,
        'incident|' || incident_id as fact,
        unnest([greatest(occurred_on, published_on), closed_on, verified_on]) as since_on
    from esg.incident
    union all
    select
        project_id,
        'permit|' || permit_id as fact,
        unnest([issued_on, renewal_filed_on, cast(expires_on + interval '1' day as date)]) as since_on
    from esg.permit
    union all
    select
        project_id,
        'action|' || action_id as fact,
        case
            when state = 'done' then done_on
            when state = 'overdue' then cast(due_on + interval '1' day as date)
        end as since_on
    from esg.action
    union all
    select
        project_id,
        'item|' || item as fact,
        period_end as since_on
    from esg.kpi
),

later as (
    select
        review.project_id,
        review.period_end,
        dated.fact,
        max(dated.since_on) as since_on
    from review
    inner join dated on review.project_id = dated.project_id
    where dated.since_on > review.prepared_on and dated.since_on <= $business_date
    group by review.project_id, review.period_end, dated.fact
),

told as (
    select
        later.project_id,
        later.period_end,
        later.fact,
        later.since_on,
        fact.name,
        fact.value,
        fact.tone
    from later
    inner join esg.review_fact as fact on later.project_id = fact.project_id and later.fact = fact.fact
)

select * from told
