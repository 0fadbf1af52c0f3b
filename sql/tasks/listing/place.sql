-- one row per client that a list puts ahead of its points, and why: hard red, large arrears, a stop, red
-- Only what a branch may read counts: a place would tell the rest.
with
setting as (
    select
        max(case when setting = 'large_arrears_amt' then value end) as overdue_amt,
        max(case when setting = 'large_arrears_group_amt' then value end) as group_amt
    from policy.task_setting
),

red as (
    select client_id
    from warnings.warning
    where colour = 'red'
),

told as (
    select
        client_id,
        indicator,
        hard
    from tasks_listing.told_signal
    where audience = 'branch'
),

hard_red as (
    select distinct told.client_id
    from told
    inner join red on told.client_id = red.client_id
    where told.hard
),

-- what a sponsor group owes together; a client without one stands for itself
member as (
    select
        client.client_id,
        coalesce('group:' || client.group_id, 'client:' || client.client_id) as group_key,
        coalesce(exposure.exposure_amt, 0) as exposure_amt,
        coalesce(exposure.overdue_amt, 0) as overdue_amt,
        coalesce(exposure.max_days_past_due, 0) as days_past_due
    from staging.client as client
    left join features.client_exposure as exposure on client.client_id = exposure.client_id
),

group_total as (
    select
        group_key,
        sum(exposure_amt) as exposure_amt
    from member
    group by group_key
),

large_arrears as (
    select member.client_id
    from member
    inner join group_total on member.group_key = group_total.group_key
    cross join setting
    where
        member.days_past_due > 0
        and (member.overdue_amt >= setting.overdue_amt or group_total.exposure_amt >= setting.group_amt)
),

project as (
    select
        project_id,
        client_id
    from source.project
),

-- steps that stop a draw, draws that the gate stops, and stop orders of an authority that nobody has lifted
stop as (
    select told.client_id
    from told
    inner join tasks_playbook.step as step on told.client_id = step.client_id and told.indicator = step.indicator
    where step.action = 'stop_draw'
    union distinct
    select client_id
    from care.draw_gate
    where verdict = 'fail'
    union distinct
    select coalesce(incident.client_id, project.client_id) as client_id
    from staging.esg_incident as incident
    left join project on incident.project_id = project.project_id
    where incident.kind = 'stop_order' and incident.closed_on is null
),

found as (
    select
        client_id,
        'hard_red' as place_rule
    from hard_red
    union all
    select
        client_id,
        'large_arrears' as place_rule
    from large_arrears
    union all
    select
        client_id,
        'stop' as place_rule
    from stop
    union all
    select
        client_id,
        'red' as place_rule
    from red
),

first_of as (
    select
        found.client_id,
        found.place_rule,
        list_place.place,
        row_number() over (partition by found.client_id order by list_place.place asc) as turn
    from found
    inner join policy.list_place as list_place on found.place_rule = list_place.place_rule
)

select
    client_id,
    place_rule,
    place
from first_of
where turn = 1
