-- one row per client whose flows are read from the first one again: what tonight sorts or converts otherwise than the
-- night before
with
party as (
    select * from features_rolling.changed_party
),

-- its own flows, and those of its group, now and before: one that named it stayed with them, or no longer does
related as (
    select client_id from party
    union
    select former_client_id as client_id from party
    union
    select mapping.client_id
    from features.account_mapping as mapping
    inner join party on mapping.group_id = party.group_id
    union
    select mapping.client_id
    from features.account_mapping as mapping
    inner join party on mapping.group_id = party.former_group_id
),

foreign_flow as (
    select
        account_id,
        ccy,
        booked_on
    from source.txn
    union all
    select
        account_id,
        ccy,
        booked_on
    from source.txn_superseded
),

reconverted as (
    select distinct flow.account_id
    from foreign_flow as flow
    inner join features_rolling.changed_rate as rate
        on flow.ccy = rate.ccy and flow.booked_on >= rate.from_date and flow.booked_on < rate.to_date
),

resorted as (
    select client_id from related
    where client_id is not null
    union
    select mapping.client_id
    from reconverted
    inner join features.account_mapping as mapping on reconverted.account_id = mapping.account_id
)

select * from resorted
