-- one row per contact that was owed and missed in the last seven days
with
missed as (
    select
        plan.branch_id,
        plan.owner_id as staff_id,
        staff.name as staff_name,
        plan.client_id,
        plan.kind,
        plan.due_on
    from tasks.contact_plan as plan
    left join source.staff as staff on plan.owner_id = staff.staff_id
    where plan.state = 'missed' and plan.due_on between $business_date - 6 and $business_date
)

select * from missed
