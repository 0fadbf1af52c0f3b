-- one row per conversation with one client, both sides speaking: what was sent to many, or held for many, is none
with
conversation as (
    select
        contact.client_id,
        contact.occurred_on
    from staging.contact as contact
    inner join policy.contact_kind as contact_kind on contact.kind = contact_kind.kind
    where contact_kind.is_personal and contact.is_two_way and coalesce(contact.channel, '') <> 'message'
)

select * from conversation
