-- one row per active client, or closed one that still owes: whose it is, who acts for it, and how many tasks a day that
-- person takes
with
warned as (
    select client_id from warnings.warning
),

client as (
    select
        client.client_id,
        client.branch_id,
        client.rm_id
    from staging.client as client
    left join warned on client.client_id = warned.client_id
    where client.is_active or warned.client_id is not null
),

staff as (
    select * from staging.staff
),

supplied as (
    select is_supplied as is_staff_known
    from night.supplied
    where table_name = 'staff'
),

-- a deputy stands in who is at work himself: absence does not wander from one to the next
away as (
    select
        absence.staff_id,
        case
            when away_too.staff_id is null and (deputy.staff_id is not null or not supplied.is_staff_known)
                then absence.deputy_id
        end as deputy_id
    from staging.absence as absence
    cross join supplied
    left join staging.absence as away_too on absence.deputy_id = away_too.staff_id
    left join staff as deputy on absence.deputy_id = deputy.staff_id
),

-- of several heads the first that is there; where all are away, who stands in for the first
head as (
    select
        staff.branch_id,
        min(staff.staff_id) as first_id,
        min(case when away.staff_id is null then staff.staff_id end) as there_id
    from staff
    left join away on staff.staff_id = away.staff_id
    where staff.role = 'branch_head'
    group by staff.branch_id
),

chief as (
    select
        head.branch_id,
        coalesce(head.there_id, head.first_id) as holder_id,
        coalesce(head.there_id, away.deputy_id) as acting_id
    from head
    left join away on head.first_id = away.staff_id
),

-- the relationship manager while with the bank, else the branch head, else the branch itself
held as (
    select
        client.client_id,
        client.branch_id,
        chief.acting_id as head_id,
        rm.staff_id is not null or (not supplied.is_staff_known and client.rm_id is not null) as is_manager_there,
        case
            when rm.staff_id is not null or not supplied.is_staff_known then coalesce(client.rm_id, chief.holder_id)
            else chief.holder_id
        end as holder_id
    from client
    cross join supplied
    left join staff as rm on client.rm_id = rm.staff_id
    left join chief on client.branch_id = chief.branch_id
),

-- nobody is asked while away; what only the person can do (a certificate) the head is then told of
owned as (
    select
        held.client_id,
        held.branch_id,
        held.holder_id,
        held.head_id,
        case
            when not held.is_manager_there then held.head_id
            when away.staff_id is null then held.holder_id
            else coalesce(away.deputy_id, held.head_id)
        end as owner_id
    from held
    left join away on held.holder_id = away.staff_id
    union all
    select
        'staff:' || staff.staff_id as client_id,
        staff.branch_id,
        staff.staff_id as holder_id,
        chief.acting_id as head_id,
        case when away.staff_id is null then staff.staff_id else chief.acting_id end as owner_id
    from staff
    left join away on staff.staff_id = away.staff_id
    left join chief on staff.branch_id = chief.branch_id
),

capable as (
    select
        owned.client_id,
        owned.branch_id,
        owned.holder_id,
        owned.head_id,
        owned.owner_id,
        coalesce(
            staff.max_tasks_per_day,
            capacity.max_tasks_per_day,
            case when owned.owner_id is null then branch.max_tasks_per_day else rm.max_tasks_per_day end
        ) as capacity,
        coalesce(
            head.max_tasks_per_day, head_capacity.max_tasks_per_day, branch.max_tasks_per_day
        ) as head_tasks_per_day
    from owned
    left join staff on owned.owner_id = staff.staff_id
    left join staff as head on owned.head_id = head.staff_id
    left join policy.capacity as capacity on staff.role = capacity.role
    left join policy.capacity as head_capacity on head.role = head_capacity.role
    left join policy.capacity as branch on branch.role = 'branch'
    left join policy.capacity as rm on rm.role = 'rm'
)

select * from capable
