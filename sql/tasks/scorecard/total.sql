-- one row per person: the points of the measures that could be assessed, over their weights, and whether the gate is
-- open
-- Where too little could be assessed there is no total.
with
setting as (
    select
        max(case when setting = 'gate_risk_points' then value end) as gate_points,
        max(case when setting = 'least_weight' then value end) as least_weight
    from policy.scorecard_setting
),

summed as (
    select
        staff_id,
        cast(sum(points) as decimal(9, 2)) as points,
        cast(sum(case when score is not null then weight else 0 end) as integer) as assessed_weight,
        cast(sum(weight) as integer) as weight,
        max(case when measure = 'compliance' then actual end) as compliance,
        max(case when measure = 'risk_outcome' then actual end) as risk_outcome
    from tasks_scorecard.measure
    group by staff_id
),

owned as (
    select
        staff_id,
        cast(count(*) as integer) as clients_owned,
        cast(sum(days_owned) as integer) as days_owned
    from tasks_scorecard.owned_days
    group by staff_id
),

caught as (
    select
        staff_id,
        cast(sum(case when is_caught then 1 else 0 end) as integer) as checks_caught
    from tasks_scorecard.game_check
    group by staff_id
),

total as (
    select
        person.branch_id,
        person.staff_id,
        person.name,
        person.role,
        quarter.quarter,
        quarter.first_day,
        quarter.last_day,
        case
            when summed.assessed_weight >= setting.least_weight
                then cast(100 * summed.points / nullif(summed.assessed_weight, 0) as decimal(9, 2))
        end as total,
        summed.points,
        summed.assessed_weight,
        summed.weight,
        case
            when summed.compliance < 100 or summed.risk_outcome < setting.gate_points then 'fail'
            when summed.compliance is null or summed.risk_outcome is null then 'not_assessed'
            else 'pass'
        end as gate,
        case
            when summed.compliance < 100 and summed.risk_outcome < setting.gate_points then 'both'
            when summed.compliance < 100 then 'compliance'
            when summed.risk_outcome < setting.gate_points then 'risk_outcome'
            when summed.compliance is null then 'compliance_not_assessed'
            when summed.risk_outcome is null then 'risk_not_assessed'
        end as gate_reason,
        coalesce(owned.clients_owned, 0) as clients_owned,
        coalesce(owned.days_owned, 0) as days_owned,
        coalesce(caught.checks_caught, 0) as checks_caught
    from tasks_scorecard.person as person
    cross join tasks_scorecard.quarter as quarter
    cross join setting
    inner join summed on person.staff_id = summed.staff_id
    left join owned on person.staff_id = owned.staff_id
    left join caught on person.staff_id = caught.staff_id
)

select * from total
