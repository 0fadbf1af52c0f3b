-- one row per client that contacts are owed to: when it is to be spoken with next, and how its fixed and special
-- contacts stand
-- Of one whose fixed contacts another client of its group carries none are counted, and who carries them is told.
with
planned as (
    select
        plan.branch_id,
        plan.client_id,
        plan.owner_id,
        plan.deputy_id,
        owner.client_id is not null as is_open,
        owner.owner_id as staff_id,
        owner.deputy_id as staff_deputy_id,
        plan.kind = 'special' as is_special,
        plan.due_on,
        plan.state,
        plan.late_days,
        plan.next_touch_on
    from tasks.contact_plan as plan
    left join tasks.client_owner as owner on plan.client_id = owner.client_id
),

-- one that is closed and still owes is nobody's client, and its contacts are somebody's: of whoever looks after what is
-- owed, of the head of the branch, or of both
asked as (
    select
        branch_id,
        client_id,
        min(case when is_open then staff_id else owner_id end) as staff_id,
        min(case when is_open then staff_deputy_id else deputy_id end) as deputy_id
    from planned
    group by branch_id, client_id
),

-- what is done, open or missed, as the table of persons counts it; of another than whose client it is, that one's
summed as (
    select
        planned.branch_id,
        planned.client_id,
        asked.staff_id,
        asked.deputy_id,
        max(planned.next_touch_on) as next_touch_on,
        max(case when planned.state = 'open' then planned.late_days end) as late_days,
        max(
            case
                when
                    planned.state in ('done', 'done_late', 'open', 'missed')
                    and planned.owner_id <> coalesce(asked.staff_id, '')
                    then planned.owner_id
            end
        ) as also_asked_id,
        sum(
            case
                when
                    planned.state in ('done', 'done_late', 'open', 'missed')
                    and planned.owner_id <> coalesce(asked.staff_id, '')
                    then 1
                else 0
            end
        ) as also_asked_count,
        sum(
            case when not planned.is_special and planned.state in ('done', 'done_late') then 1 else 0 end
        ) as fixed_done_count,
        sum(case when not planned.is_special and planned.state = 'open' then 1 else 0 end) as fixed_open_count,
        sum(case when not planned.is_special and planned.state = 'missed' then 1 else 0 end) as fixed_missed_count,
        sum(
            case when planned.is_special and planned.state in ('done', 'done_late') then 1 else 0 end
        ) as special_done_count,
        sum(case when planned.is_special and planned.state = 'open' then 1 else 0 end) as special_open_count,
        sum(case when planned.is_special and planned.state = 'missed' then 1 else 0 end) as special_missed_count,
        sum(case when planned.is_special then 0 else 1 end) as fixed_count
    from planned
    inner join asked on planned.branch_id = asked.branch_id and planned.client_id = asked.client_id
    group by planned.branch_id, planned.client_id, asked.staff_id, asked.deputy_id
),

carried as (
    select
        client_tier.client_id,
        client_tier.carrier_client_id,
        coalesce(owner.branch_id, '') as carrier_branch_id
    from tiers.client_tier as client_tier
    left join tasks.client_owner as owner on client_tier.carrier_client_id = owner.client_id
    where not client_tier.is_contact_owed
),

told as (
    select
        summed.branch_id,
        summed.client_id,
        client_tier.tier,
        summed.staff_id,
        summed.deputy_id,
        summed.also_asked_id,
        cast(case when summed.also_asked_count > 0 then summed.also_asked_count end as integer) as also_asked_count,
        -- the name of another branch's client is not told here
        carried.client_id is not null as is_carried,
        case when carried.carrier_branch_id = summed.branch_id then carried.carrier_client_id end as carrier_id,
        summed.next_touch_on,
        cast(case when summed.late_days > 0 then summed.late_days end as integer) as late_days,
        last_contact.last_on,
        last_contact.counted_on,
        last_contact.uncounted,
        {% for count in ('done', 'open', 'missed') %}
        cast(
            case
                when carried.client_id is null or summed.fixed_count > 0 then summed.fixed_{{ count }}_count
            end
            as integer
        ) as fixed_{{ count }}_count,
        {% endfor %}
        cast(summed.special_done_count as integer) as special_done_count,
        cast(summed.special_open_count as integer) as special_open_count,
        cast(summed.special_missed_count as integer) as special_missed_count
    from summed
    left join tiers.client_tier as client_tier on summed.client_id = client_tier.client_id
    left join carried on summed.client_id = carried.client_id
    left join tasks_contact_page.last_contact as last_contact on summed.client_id = last_contact.client_id
)

select * from told
