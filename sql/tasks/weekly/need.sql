-- one row per need of a client that was won, lost or dropped in the last seven days, with why it was lost
with
need as (
    select
        client.branch_id,
        need.need_id,
        need.client_id,
        owner.owner_id as staff_id,
        need.kind,
        cast(need.amount as decimal(18, 2)) as need_amt,
        need.status,
        need.closed_on,
        lower(trim(need.lost_reason)) as lost_reason
    from source.need as need
    inner join staging.client as client on need.client_id = client.client_id
    left join tasks.client_owner as owner on need.client_id = owner.client_id
    where
        need.status in ('won', 'lost', 'dropped')
        and need.closed_on between $business_date - 6 and $business_date
)

select * from need
