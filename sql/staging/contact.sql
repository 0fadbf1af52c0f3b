-- one row per contact with a client up to the business date, by the bank's own days
with
contact as (
    select * from source.contact
),

stated as (
    select count(*) as columns
    from night.supplied_column
    where table_name = 'contact' and column_name in ('channel', 'two_way')
),

dated as (
    select
        contact.contact_id,
        contact.client_id,
        contact.staff_id,
        contact.occurred_at,
        cast((contact.occurred_at at time zone 'UTC') at time zone $timezone as date) as occurred_on,
        contact.kind,
        contact.channel,
        contact.outcome,
        -- not stated: a meeting or a video is a conversation, a call may have rung out; where the bank
        -- records neither, what a contact was is unknown and not held against anybody
        coalesce(
            contact.two_way,
            case when contact.channel is not null then coalesce(contact_channel.is_two_way, false) end,
            stated.columns = 0
        ) as is_two_way
    from contact
    left join policy.contact_channel as contact_channel on contact.channel = contact_channel.channel
    cross join stated
),

past as (
    select * from dated
    where occurred_at < (cast($morning as timestamp) at time zone $timezone) at time zone 'UTC'
)

select * from past
