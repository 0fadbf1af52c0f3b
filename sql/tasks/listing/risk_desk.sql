-- one row per branch and who of risk above it takes what its own people may not read: of the nearest branch above that
-- has somebody, the first who is there; a branch without anybody above has no row
with
branch as (
    select
        branch_id,
        parent_branch_id
    from source.branch
),

person as (
    select
        staff.staff_id,
        staff.branch_id,
        absence.staff_id is not null as is_away,
        coalesce(staff.max_tasks_per_day, capacity.max_tasks_per_day, rm.max_tasks_per_day) as capacity
    from staging.staff as staff
    left join staging.absence as absence on staff.staff_id = absence.staff_id
    left join policy.capacity as capacity on staff.role = capacity.role
    left join policy.capacity as rm on rm.role = 'rm'
    where staff.role = 'risk'
),

-- a sub-branch, its branch, its province, head office
above as (
    select
        branch.branch_id,
        one.branch_id as above_1,
        two.branch_id as above_2,
        three.branch_id as above_3
    from branch
    left join branch as one on branch.parent_branch_id = one.branch_id and branch.branch_id <> one.branch_id
    left join branch as two on one.parent_branch_id = two.branch_id and one.branch_id <> two.branch_id
    left join branch as three on two.parent_branch_id = three.branch_id and two.branch_id <> three.branch_id
),

placed as (
    {% for distance in range(1, 4) %}
    select
        branch_id,
        above_{{ distance }} as at_branch_id,
        {{ distance }} as distance
    from above
    where above_{{ distance }} is not null
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

nearest as (
    select
        placed.branch_id,
        placed.at_branch_id,
        person.staff_id,
        person.capacity,
        row_number() over (
            partition by placed.branch_id
            order by placed.distance asc, case when person.is_away then 1 else 0 end asc, person.staff_id asc
        ) as place
    from placed
    inner join person on placed.at_branch_id = person.branch_id
    where placed.at_branch_id <> placed.branch_id
)

select
    branch_id,
    at_branch_id,
    staff_id,
    capacity
from nearest
where place = 1
