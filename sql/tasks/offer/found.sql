-- one row per active client and product that something speaks for: how well it fits, and by what
with
setting as (
    select max(case when setting = 'surplus_amt' then value end) as surplus_amt
    from policy.offer_setting
),

client as (
    select
        client.client_id,
        allowed.product
    from staging.client as client
    inner join policy.offer_product_client as allowed on client.client_kind = allowed.client_kind
    where client.is_active
),

need as (
    select
        need.client_id,
        fit.product,
        fit.fit_share,
        need.kind,
        need.raised_on,
        row_number() over (
            partition by need.client_id, fit.product
            order by fit.fit_share desc, need.raised_on asc, need.need_id asc
        ) as place
    from staging.need as need
    inner join policy.offer_fit as fit on fit.evidence = 'need' and need.kind = fit.code
    where need.is_open
),

peer as (
    select
        peer.client_id,
        peer.product,
        peer.peer_group,
        peer.peer_count,
        peer.user_share,
        cast(fit.fit_share * peer.user_share as decimal(18, 6)) as fit_share
    from tasks_offer.peer as peer
    inner join policy.offer_fit as fit on fit.evidence = 'peers' and peer.product = fit.product
),

surplus as (
    select
        balance.client_id,
        fit.product,
        fit.fit_share,
        balance.avg_90d_amt
    from features.client_balance as balance
    cross join setting
    inner join policy.offer_fit as fit on fit.evidence = 'surplus'
    where balance.is_assessed and balance.avg_90d_amt >= setting.surplus_amt
),

joined as (
    select
        client.client_id,
        client.product,
        need.kind as need_kind,
        need.raised_on as need_on,
        peer.peer_group,
        peer.peer_count,
        peer.user_share,
        surplus.avg_90d_amt as surplus_amt,
        holding.client_id is not null as is_held,
        cast(
            greatest(coalesce(need.fit_share, 0), coalesce(peer.fit_share, 0), coalesce(surplus.fit_share, 0))
            as decimal(18, 6)
        ) as evidence_share,
        -- what it uses already is lacking only where a further one can be of use, and it asks for it
        cast(
            case
                when holding.client_id is null then 1
                when need.client_id is not null then product.repeat_share
                else 0
            end as decimal(18, 6)
        ) as gap_share
    from client
    inner join policy.offer_product as product on client.product = product.product
    left join need on client.client_id = need.client_id and client.product = need.product and need.place = 1
    left join peer on client.client_id = peer.client_id and client.product = peer.product
    left join surplus on client.client_id = surplus.client_id and client.product = surplus.product
    left join staging.product_holding as holding
        on client.client_id = holding.client_id and client.product = holding.product
    where need.client_id is not null or peer.client_id is not null or surplus.client_id is not null
),

fitting as (
    select
        joined.*,
        cast(evidence_share * gap_share as decimal(18, 6)) as fit_share
    from joined
)

select * from fitting
where fit_share > 0
