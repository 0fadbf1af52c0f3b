-- one row per contact with a client up to the business date, by the bank's own days
with
contact as (
    select * from source.contact
),

dated as (
    select
        contact_id,
        client_id,
        staff_id,
        occurred_at,
        cast((occurred_at at time zone 'UTC') at time zone $timezone as date) as occurred_on,
        kind,
        channel,
        -- not stated: a meeting or a video is a conversation, a call may have rung out
        coalesce(two_way, channel in ('meeting', 'video'), false) as is_two_way
    from contact
),

past as (
    select * from dated
    where occurred_at < (cast($morning as timestamp) at time zone $timezone) at time zone 'UTC'
)

select * from past
