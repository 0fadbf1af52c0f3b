-- one row per client that contacts are owed to: when it is to be spoken with next, and how its fixed and special
-- contacts stand
with
planned as (
    select
        branch_id,
        client_id,
        owner_id,
        deputy_id,
        kind = 'special' as is_special,
        tier,
        due_on,
        done_on,
        state,
        late_days,
        next_touch_on
    from tasks.contact_plan
),

summed as (
    select
        branch_id,
        client_id,
        min(owner_id) as asked_id,
        case when max(owner_id) <> min(owner_id) then max(owner_id) end as also_asked_id,
        min(deputy_id) as acting_id,
        max(next_touch_on) as next_touch_on,
        max(done_on) as last_done_on,
        max(case when state = 'open' then late_days end) as late_days,
        sum(case when not is_special and state in ('done', 'done_late') then 1 else 0 end) as fixed_done_count,
        sum(case when not is_special and state = 'open' then 1 else 0 end) as fixed_open_count,
        sum(case when not is_special and state = 'missed' then 1 else 0 end) as fixed_missed_count,
        sum(case when is_special and state in ('done', 'done_late') then 1 else 0 end) as special_done_count,
        sum(case when is_special and state = 'open' then 1 else 0 end) as special_open_count,
        sum(case when is_special and state = 'missed' then 1 else 0 end) as special_missed_count
    from planned
    group by branch_id, client_id
),

told as (
    select
        summed.branch_id,
        summed.client_id,
        client_tier.tier,
        -- one that is closed and still owes is nobody's client, and its contacts are somebody's: of whoever looks after
        -- what is owed, of the head of the branch, or of both
        case when owner.client_id is null then summed.asked_id else owner.owner_id end as staff_id,
        case when owner.client_id is null then summed.acting_id else owner.deputy_id end as deputy_id,
        case when owner.client_id is null then summed.also_asked_id end as also_asked_id,
        summed.next_touch_on,
        cast(case when summed.late_days > 0 then summed.late_days end as integer) as late_days,
        summed.last_done_on,
        cast(summed.fixed_done_count as integer) as fixed_done_count,
        cast(summed.fixed_open_count as integer) as fixed_open_count,
        cast(summed.fixed_missed_count as integer) as fixed_missed_count,
        cast(summed.special_done_count as integer) as special_done_count,
        cast(summed.special_open_count as integer) as special_open_count,
        cast(summed.special_missed_count as integer) as special_missed_count
    from summed
    left join tiers.client_tier as client_tier on summed.client_id = client_tier.client_id
    left join tasks.client_owner as owner on summed.client_id = owner.client_id
)

select * from told
