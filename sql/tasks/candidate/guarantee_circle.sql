-- one row per branch and circle of guarantees in which clients of it owe money: told of the oldest client among them
{% import 'macros/candidate.sql' as candidate %}
{% import 'macros/words.sql' as words %}
with
-- it is one task as long as its client is on the circle: clients that join or leave it, or repay, make no new one
standing as (
    select
        client_id,
        min(branch_id) as branch_id,
        min(started_on) as started_on
    from previous.task
    where kind = 'guarantee_circle'
    group by client_id
),

on_circle as (
    select
        client.branch_id,
        circle.circle_id,
        circle.client_id,
        circle.other_count,
        client.onboard_date,
        exposure.exposure_amt,
        standing.started_on,
        coalesce(exposure.is_assessed, true) as is_exposure_known,
        -- what is owed in a currency without a rate is owed all the same
        coalesce(exposure.exposure_amt > 0 or not exposure.is_assessed, false) as is_owing,
        case
            when standing.branch_id = client.branch_id then 0
            when standing.client_id is not null then 1
            else 2
        end as standing_place
    from tasks_guarantees.circle as circle
    inner join staging.client as client on circle.client_id = client.client_id and client.is_active
    left join features.client_exposure as exposure on circle.client_id = exposure.client_id
    left join standing on circle.client_id = standing.client_id
),

placed as (
    select
        on_circle.*,
        max(case when is_owing then 1 else 0 end) over (partition by branch_id, circle_id) as any_owing,
        row_number() over (
            partition by branch_id, circle_id
            order by standing_place asc, started_on asc nulls last, is_owing desc, onboard_date asc, client_id asc
        ) as place
    from on_circle
),

concerned as (
    select
        client_id,
        other_count,
        is_exposure_known,
        coalesce(exposure_amt, 0) as exposure_amt,
        coalesce(started_on, cast($business_date as date)) as started_on
    from placed
    where place = 1 and any_owing = 1
),

listed as (
    select
        concerned.client_id,
        'guarantee_circle' as kind,
        'guarantees' as subject,
        concerned.started_on,
        concerned.started_on as clock_from,
        special_contact.sla_days,
        {{ candidate.lacking('clock_from', 'sla_days', 'figures') }},
        task_text.reason_zh,
        task_text.reason_en,
        task_text.next_step_zh,
        task_text.next_step_en,
        {{ words.figures({
            'others': 'concerned.other_count',
            'exposure': 'concerned.exposure_amt',
        }) }} as figures
    from concerned
    inner join policy.special_contact as special_contact on special_contact.event = 'guarantee_circle'
    inner join policy.task_text as task_text
        on
            task_text.text
            = case when concerned.is_exposure_known then 'guarantee_circle' else 'guarantee_circle_unknown' end
)

select * from listed
