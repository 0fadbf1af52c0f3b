-- one row per client: of which group it counts, how it stands, and our share of what the bureau says it owes to banks
with
bureau as (
    select
        client_id,
        month,
        total_debt_amt,
        row_number() over (partition by client_id order by month desc) as place
    from staging.bureau
),

client as (
    select
        client.client_id,
        client.branch_id,
        client.name,
        client.short_name,
        client.is_natural_person,
        client.client_kind,
        client.is_active,
        member.group_id,
        tier.tier,
        warning.colour,
        warning.base_colour,
        watch.stage,
        exposure.exposure_amt,
        balance.avg_30d_amt as deposits_amt,
        bureau.month as bureau_month,
        -- the bureau is older than tonight: what is over the whole says nothing
        case
            when bureau.total_debt_amt >= coalesce(exposure.outstanding_amt, 0)
                then
                    cast(
                        100 * coalesce(exposure.outstanding_amt, 0) / nullif(bureau.total_debt_amt, 0)
                        as decimal(18, 2)
                    )
        end as wallet_pct
    from staging.client as client
    left join care_ecosystem.member as member on client.client_id = member.client_id
    left join tiers.client_tier as tier on client.client_id = tier.client_id
    left join warnings.warning as warning on client.client_id = warning.client_id
    left join warnings.watch as watch on client.client_id = watch.client_id
    left join features.client_exposure as exposure on client.client_id = exposure.client_id
    left join features.client_balance as balance on client.client_id = balance.client_id
    left join bureau on client.client_id = bureau.client_id and bureau.place = 1
)

select * from client
