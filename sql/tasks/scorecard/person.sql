-- one row per member of staff who has a scorecard: of a role with measures, and with the bank on a day of the quarter
with
role as (
    select distinct role
    from policy.scorecard_measure
),

staff as (
    select
        staff.staff_id,
        staff.branch_id,
        staff.name,
        staff.role,
        greatest(coalesce(staff.active_from, quarter.first_day), quarter.first_day) as from_on,
        least(coalesce(staff.active_to, quarter.last_day), quarter.last_day) as to_on
    from source.staff as staff
    cross join tasks_scorecard.quarter as quarter
),

person as (
    select staff.*
    from staff
    inner join role on staff.role = role.role
    where staff.from_on <= staff.to_on
)

select * from person
