-- one row per client, owners and disponents alike, known from the day the client's first account was opened
-- The data has neither names nor companies: a client is called by its id, and every one has a birth number. Lists
-- print the short name beside the id, so it does not repeat it. The birth number itself is personal and nothing needs
-- it: it is not taken.
with raw_client as (
    select * from client
),

raw_disp as (
    select * from disp
),

raw_account as (
    select * from account
),

opening as (
    select
        d.client_id,
        min(cast(a.date as text)) as opened
    from raw_disp as d
    inner join raw_account as a on d.account_id = a.account_id
    group by d.client_id
),

dated as (
    select
        cast(c.client_id as text) as client_id,
        cast(c.district_id as text) as branch_id,
        '19' || substr(o.opened, 1, 2) || '-' || substr(o.opened, 3, 2) || '-' || substr(o.opened, 5, 2) as onboard_date
    from raw_client as c
    left join opening as o on c.client_id = o.client_id
),

mapped as (
    select
        client_id,
        'true' as is_natural_person,
        branch_id,
        onboard_date,
        'Client ' || client_id as name,
        'Client' as short_name,
        onboard_date || ' 23:59:59' as known_at
    from dated
)

select * from mapped
