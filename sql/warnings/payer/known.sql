-- one row per id, account or plain name under which a payer may be a client here: of which branch, told as what
-- Also whether it is a person. A name that clients of two branches share is of neither
{% import 'macros/party.sql' as party %}
with
client as (
    select
        client_id,
        coalesce(branch_id, '') as branch_id,
        is_natural_person,
        -- a person is told by its number
        case when is_natural_person then client_id else display_name end as told_name,
        {{ party.plain_name('name') }} as plain_name
    from staging.client
),

named as (
    select
        client_id as party_key,
        branch_id,
        is_natural_person,
        told_name
    from client
    union all
    select
        mapping.account_id as party_key,
        client.branch_id,
        client.is_natural_person,
        client.told_name
    from features.account_mapping as mapping
    inner join client on mapping.client_id = client.client_id
    where mapping.account_id <> client.client_id
    union all
    select
        plain_name as party_key,
        branch_id,
        is_natural_person,
        told_name
    from client
    where plain_name is not null
),

known as (
    select
        party_key,
        case when min(branch_id) = max(branch_id) then min(branch_id) end as branch_id,
        count(case when is_natural_person then 1 end) > 0 as is_natural_person,
        min(told_name) as told_name
    from named
    group by party_key
)

select * from known
