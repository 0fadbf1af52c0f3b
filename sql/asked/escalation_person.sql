-- one row per branch, level of escalation and person at work who is asked at that level
with
branch as (
    select
        branch_id,
        parent_branch_id
    from source.branch
),

person as (
    select
        staff_id,
        branch_id,
        role,
        email
    from source.staff
    where
        coalesce(active_from, date '1900-01-01') <= $morning
        and coalesce(active_to, date '9999-12-31') >= $morning
),

rule as (
    select * from policy.escalation
),

-- a branch, the one above it, and so on: a sub-branch, its branch, its province, head office
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
    select
        branch_id,
        branch_id as at_branch_id,
        0 as distance
    from above
    union all
    select
        branch_id,
        above_1 as at_branch_id,
        1 as distance
    from above
    where above_1 is not null
    union all
    select
        branch_id,
        above_2 as at_branch_id,
        2 as distance
    from above
    where above_2 is not null
    union all
    select
        branch_id,
        above_3 as at_branch_id,
        3 as distance
    from above
    where above_3 is not null
),

topmost as (
    select
        branch_id,
        max(distance) as distance
    from placed
    group by branch_id
),

-- who is meant at a level: of the branch itself, of the nearest above that has such people, of the topmost, or of the
-- branch that policy names
fitting as (
    select
        placed.branch_id,
        rule.escalated_to,
        rule.reach,
        placed.distance,
        person.staff_id,
        person.branch_id as home_branch_id,
        person.role,
        person.email
    from placed
    inner join topmost on placed.branch_id = topmost.branch_id
    inner join rule
        on
            rule.branch_id is null
            and (
                (rule.reach = 'own' and placed.distance = 0)
                or rule.reach = 'above'
                or (rule.reach = 'top' and placed.distance = topmost.distance and placed.distance > 0)
            )
    inner join person on placed.at_branch_id = person.branch_id and rule.role = person.role
    union all
    select
        branch.branch_id,
        rule.escalated_to,
        rule.reach,
        0 as distance,
        person.staff_id,
        person.branch_id as home_branch_id,
        person.role,
        person.email
    from branch
    cross join rule
    inner join person on rule.branch_id = person.branch_id and rule.role = person.role
    where rule.branch_id is not null
),

nearest as (
    select
        fitting.*,
        rank() over (partition by branch_id, escalated_to order by distance) as place
    from fitting
)

select
    branch_id,
    escalated_to,
    staff_id,
    home_branch_id,
    role,
    email
from nearest
where place = 1
