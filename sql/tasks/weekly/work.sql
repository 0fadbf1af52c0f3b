-- one row per branch and person who looks after clients: what was done in the last seven days, what is late or missed,
-- which tasks a day has no room for (`beyond_count`), and whether the clients are more than one person can look after,
-- as the contact plan says it
with
setting as (
    select max(case when setting = 'clients_per_owner' then value end) as clients_per_owner
    from policy.task_setting
),

person as (
    select
        staff.branch_id,
        staff.staff_id,
        registry.name as staff_name,
        coalesce(staff.max_tasks_per_day, capacity.max_tasks_per_day) as capacity
    from staging.staff as staff
    inner join policy.capacity as capacity on staff.role = capacity.role
    left join source.staff as registry on staff.staff_id = registry.staff_id
),

answered as (
    select
        staff_id,
        sum(case when is_in_time then 1 else 0 end) as done_count,
        sum(case when is_in_time then 0 else 1 end) as done_late_count
    from tasks_weekly.answered
    group by staff_id
),

-- the contacts of the plan, those that a task asks for among them: the plan's page counts the same
contacted as (
    select
        plan.owner_id as staff_id,
        sum(case when plan.state in ('done', 'done_late') and plan.done_on >= $business_date - 6 then 1 else 0 end)
            as contact_count,
        sum(
            case
                when plan.state = 'missed' and plan.due_on between $business_date - 6 and $business_date then 1
                else 0
            end
        ) as missed_count
    from tasks.contact_plan as plan
    where plan.owner_id is not null
    group by plan.owner_id
),

asked as (
    select
        owner_id as staff_id,
        sum(case when status in ('open', 'acknowledged') then 1 else 0 end) as open_count,
        sum(case when status in ('open', 'acknowledged') and late_days > 0 then 1 else 0 end) as late_count,
        sum(case when is_later then 1 else 0 end) as later_count
    from tasks.task
    where owner_id is not null
    group by owner_id
),

owned as (
    select
        owner_id as staff_id,
        count(*) as clients
    from tasks.client_owner
    where owner_id is not null
    group by owner_id
),

-- of them those that contacts are owed to: what is held against how many one person can look after
carried as (
    select
        owner.owner_id as staff_id,
        count(*) as clients
    from tasks.client_owner as owner
    inner join tiers.client_tier as client_tier on owner.client_id = client_tier.client_id
    inner join policy.tier as tier on client_tier.tier = tier.tier
    where client_tier.is_contact_owed and tier.level > 0
    group by owner.owner_id
),

work as (
    select
        person.branch_id,
        person.staff_id,
        person.staff_name,
        cast(coalesce(answered.done_count, 0) as integer) as done_count,
        cast(coalesce(answered.done_late_count, 0) as integer) as done_late_count,
        cast(coalesce(contacted.contact_count, 0) as integer) as contact_count,
        cast(coalesce(contacted.missed_count, 0) as integer) as missed_count,
        cast(coalesce(asked.open_count, 0) as integer) as open_count,
        cast(coalesce(asked.late_count, 0) as integer) as late_count,
        person.capacity,
        cast(coalesce(asked.later_count, 0) as integer) as beyond_count,
        cast(coalesce(owned.clients, 0) as integer) as clients_owned,
        cast(coalesce(carried.clients, 0) as integer) as clients_carried,
        coalesce(carried.clients, 0) > setting.clients_per_owner as is_over_capacity
    from person
    cross join setting
    left join answered on person.staff_id = answered.staff_id
    left join contacted on person.staff_id = contacted.staff_id
    left join asked on person.staff_id = asked.staff_id
    left join owned on person.staff_id = owned.staff_id
    left join carried on person.staff_id = carried.staff_id
)

select * from work
