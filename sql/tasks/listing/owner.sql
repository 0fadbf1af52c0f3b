-- one row per active client, or closed one that still owes: who acts for it, and how many tasks a day that person takes
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
    select coalesce(max(case when is_supplied then 1 else 0 end), 0) = 1 as is_staff_known
    from night.supplied
    where table_name = 'staff'
),

head as (
    select
        branch_id,
        min(staff_id) as staff_id
    from staff
    where role = 'branch_head'
    group by branch_id
),

-- the relationship manager while at work, else the branch head, else the branch itself
owned as (
    select
        client.client_id,
        client.branch_id,
        case
            when rm.staff_id is not null or not supplied.is_staff_known then coalesce(client.rm_id, head.staff_id)
            else head.staff_id
        end as owner_id
    from client
    cross join supplied
    left join staff as rm on client.rm_id = rm.staff_id
    left join head on client.branch_id = head.branch_id
),

capable as (
    select
        owned.client_id,
        owned.branch_id,
        owned.owner_id,
        coalesce(
            staff.max_tasks_per_day,
            capacity.max_tasks_per_day,
            case when owned.owner_id is null then branch.max_tasks_per_day else rm.max_tasks_per_day end
        ) as capacity
    from owned
    left join staff on owned.owner_id = staff.staff_id
    left join policy.capacity as capacity on staff.role = capacity.role
    left join policy.capacity as branch on branch.role = 'branch'
    left join policy.capacity as rm on rm.role = 'rm'
)

select * from capable
