-- one row per active client that belongs to a group of several: who it is, and what it owes and may draw
with
tier as (
    select
        client_id,
        sponsor_group_id,
        tier,
        carrier_client_id
    from tiers.client_tier
    where sponsor_group_id is not null
),

several as (
    select sponsor_group_id
    from tier
    group by sponsor_group_id
    having count(*) > 1
),

member as (
    select
        tier.sponsor_group_id,
        tier.client_id,
        client.name,
        client.short_name,
        client.is_natural_person,
        client.client_kind,
        client.branch_id,
        exposure.exposure_amt,
        tier.carrier_client_id
    from tier
    inner join several on tier.sponsor_group_id = several.sponsor_group_id
    inner join staging.client as client on tier.client_id = client.client_id
    left join features.client_exposure as exposure on tier.client_id = exposure.client_id
),

numbered as (
    select
        sponsor_group_id,
        row_number() over (
            partition by sponsor_group_id
            order by
                case when client_id = carrier_client_id then 0 else 1 end asc,
                exposure_amt desc nulls last,
                client_id asc
        ) as place,
        client_id,
        name,
        short_name,
        is_natural_person,
        client_kind,
        branch_id,
        exposure_amt
    from member
)

select * from numbered
