-- one row per announced draw of a project: conditions of its approved reviews that come before a draw and are not met
-- Only an approved review sets conditions: where nobody approved one, that none is open says nothing, and the evidence
-- says what is lacking: the review that waits for its approval, with the day since which it does, or the one that was
-- sent back, is needed no more since or is only drafted, or that there is none; or rows that the checks hold back.
with
request as (
    select * from care_draw.request
    where project_id is not null
),

rule as (
    select limit_value
    from policy.draw_gate
    where item = 'esg_conditions'
),

-- a review or a condition that the checks hold back may be one that stops it
held as (
    select distinct reviewed_project_id as project_id
    from esg_review.withheld_row
    where table_name in ('esg_review', 'esg_condition')
),

-- of several that wait, the one of the newest period: what is named and its day are of one review
ended as (
    select
        project_id,
        max(case when state in ('approved', 'superseded') then 1 else 0 end) = 1 as is_approved,
        coalesce(max(case when state = 'prepared' then period_end end), max(period_end)) as named_end
    from esg.esg_review
    group by project_id
),

signed as (
    select
        ended.project_id,
        ended.is_approved,
        named.period_end as named_end,
        case
            when named.state = 'prepared' then 'prepared'
            when named.closed_on is not null then 'closed'
            when named.returned_on is not null then 'returned'
            else named.state
        end as named_state,
        named.prepared_on as waits_since
    from ended
    left join esg.esg_review as named on ended.project_id = named.project_id and ended.named_end = named.period_end
),

found as (
    select
        request.request_id,
        count(*) as found_count
    from request
    inner join esg.review_condition as condition on request.project_id = condition.project_id
    where condition.is_binding and condition.is_before_draw and condition.state <> 'met'
    group by request.request_id
),

counted as (
    select
        request.request_id,
        request.project_id,
        held.project_id is not null as is_held,
        coalesce(signed.is_approved, false) as is_approved,
        signed.named_end,
        signed.named_state,
        signed.waits_since,
        coalesce(found.found_count, 0) as found_count,
        rule.limit_value
    from request
    cross join rule
    left join held on request.project_id = held.project_id
    left join signed on request.project_id = signed.project_id
    left join found on request.request_id = found.request_id
),

judged as (
    select
        request_id,
        is_approved and not is_held or found_count > limit_value as is_assessed,
        found_count <= limit_value as is_met,
        cast(case when is_approved then found_count end as decimal(18, 4)) as value,
        cast(limit_value as decimal(18, 4)) as limit_value,
        'project:' || project_id
        || case
            when is_approved or named_end is null then ''
            else ';esg_review:' || project_id || '|' || cast(named_end as varchar)
        end
        || case
            when is_approved then ''
            when named_state = 'prepared' then coalesce(';waits_since:' || cast(waits_since as varchar), '')
            else ';review_is:' || coalesce(named_state, 'none')
        end
        || case when is_held then ';review_is:withheld' else '' end as source_keys
    from counted
)

select
    request_id,
    'esg_conditions' as item,
    is_assessed,
    is_met,
    value,
    limit_value,
    source_keys
from judged
