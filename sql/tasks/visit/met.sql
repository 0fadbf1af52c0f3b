-- one row per client that was ever met face to face, and the last day of it
with
met as (
    select
        contact.client_id,
        max(contact.occurred_on) as met_on
    from tasks_contact.contact as contact
    inner join policy.contact_channel as contact_channel on contact.channel = contact_channel.channel
    where contact_channel.is_face_to_face
    group by contact.client_id
)

select * from met
