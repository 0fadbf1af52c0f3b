-- one row per person and client that the person took over lately, or looks after while another is away: from whom,
-- since or until when, and how the client stands
with
setting as (
    select cast(max(case when setting = 'handover_days' then value end) as integer) as handover_days
    from policy.task_setting
),

owner as (
    select
        owner.*,
        client_tier.tier
    from tasks.client_owner as owner
    inner join tiers.client_tier as client_tier on owner.client_id = client_tier.client_id
    inner join policy.tier as tier on client_tier.tier = tier.tier
    where tier.level > 0
),

taken as (
    select
        owner.owner_id as person_id,
        owner.branch_id,
        owner.client_id,
        owner.tier,
        'handed_over' as handover,
        owner.handed_from_id as from_id,
        owner.handed_on as since_on,
        cast(null as date) as until_on
    from owner
    cross join setting
    where
        owner.owner_id is not null
        and owner.handed_from_id is not null
        and date_diff('day', owner.handed_on, $business_date) <= setting.handover_days
    union all
    select
        deputy_id as person_id,
        branch_id,
        client_id,
        tier,
        'stands_in' as handover,
        owner_id as from_id,
        cast(null as date) as since_on,
        away_until as until_on
    from owner
    where is_away and deputy_id is not null
),

planned as (
    select
        client_id,
        max(next_touch_on) as next_touch_on
    from tasks.contact_plan
    group by client_id
),

open_task as (
    select
        client_id,
        cast(count(*) as integer) as task_count,
        cast(sum(case when late_days > 0 then 1 else 0 end) as integer) as late_count
    from tasks.task
    where status in ('open', 'acknowledged') and audience is distinct from 'risk_only'
    group by client_id
),

told as (
    select
        taken.*,
        warning.colour,
        exposure.exposure_amt,
        planned.next_touch_on,
        coalesce(open_task.task_count, 0) as task_count,
        coalesce(open_task.late_count, 0) as late_count
    from taken
    left join warnings.warning as warning on taken.client_id = warning.client_id
    left join features.client_exposure as exposure on taken.client_id = exposure.client_id
    left join planned on taken.client_id = planned.client_id
    left join open_task on taken.client_id = open_task.client_id
)

select * from told
