-- one row per person and event that the person's calendar was given in the last days and that is another's tonight, or
-- is owed no more: it is told as called off
with
setting as (
    select cast(max(case when setting = 'visit_kept_days' then value end) as integer) as kept_days
    from policy.task_setting
),

given as (
    select
        visit.business_date,
        coalesce(visit.deputy_id, visit.owner_id) as person_id,
        visit.client_id,
        'visit' as kind,
        visit.visit_id as slot,
        cast(null as date) as window_from,
        visit.visit_on as due_on
    from former.visit_proposal as visit
    where visit.state = 'planned'
    union all
    select
        plan.business_date,
        coalesce(plan.deputy_id, plan.owner_id) as person_id,
        plan.client_id,
        plan.kind,
        plan.slot,
        plan.window_from,
        plan.due_on
    from former.contact_plan as plan
    where plan.kind in ('fixed', 'watch_contact') and plan.state in ('open', 'upcoming')
),

lately as (
    select
        given.*,
        row_number() over (
            partition by given.person_id, given.client_id, given.kind, given.slot, given.window_from
            order by given.business_date desc
        ) as place
    from given
    cross join setting
    where
        given.person_id is not null
        and date_diff('day', given.business_date, $business_date) <= setting.kept_days
),

planned as (
    select
        client_id,
        deputy_id,
        'visit' as kind,
        visit_id as slot
    from tasks.visit_proposal
    union all
    select
        client_id,
        deputy_id,
        kind,
        slot || '/' || cast(window_from as varchar) as slot
    from tasks.contact_plan
    where kind in ('fixed', 'watch_contact')
),

-- while its owner is away and nobody stands in, it is the branch's and in no calendar
tonight as (
    select
        coalesce(planned.deputy_id, owner.owner_id) as person_id,
        planned.client_id,
        planned.kind,
        planned.slot
    from planned
    left join tasks.client_owner as owner on planned.client_id = owner.client_id and not owner.is_away
),

dropped as (
    select
        lately.person_id,
        lately.client_id,
        lately.kind,
        lately.slot,
        lately.window_from,
        lately.due_on
    from lately
    left join tonight
        on
            lately.person_id = tonight.person_id
            and lately.client_id = tonight.client_id
            and lately.kind = tonight.kind
            and lately.slot || coalesce('/' || cast(lately.window_from as varchar), '') = tonight.slot
    where lately.place = 1 and tonight.client_id is null
)

select * from dropped
