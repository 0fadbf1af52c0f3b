-- one row per branch and circle of guarantees in which clients of it owe money: told of the oldest client among them
{% import 'macros/candidate.sql' as candidate %}
{% import 'macros/words.sql' as words %}
with
-- a circle is told by the first of its clients; one that stands surety for itself alone is none
circle as (
    select
        client_id,
        split_part(members, ', ', 1) as circle_id,
        member_count - 1 as other_count
    from features.guarantee_circle
    where step_count is not null and member_count > 1
),

owing as (
    select
        client.branch_id,
        circle.client_id,
        circle.other_count,
        exposure.exposure_amt,
        row_number() over (
            partition by client.branch_id, circle.circle_id order by client.onboard_date asc, circle.client_id asc
        ) as place
    from circle
    inner join staging.client as client on circle.client_id = client.client_id
    inner join features.client_exposure as exposure on circle.client_id = exposure.client_id
    where client.is_active and exposure.exposure_amt > 0
),

-- it is one task as long as the circle stands: clients that join or leave it make no new one
standing as (
    select
        client_id,
        min(started_on) as started_on
    from previous.task
    where kind = 'guarantee_circle'
    group by client_id
),

concerned as (
    select
        owing.*,
        coalesce(standing.started_on, cast($business_date as date)) as started_on
    from owing
    left join standing on owing.client_id = standing.client_id
    where owing.place = 1
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
    inner join policy.task_text as task_text on task_text.text = 'guarantee_circle'
)

select * from listed
