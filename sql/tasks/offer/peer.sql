-- one row per active client and product that enough of its peers use: how many peers, and their share
{% set keys = {
    'tier_sector': "client_kind || '|' || segment || '|' || tier || '|' || sector_code",
    'tier': "client_kind || '|' || segment || '|' || tier",
    'sector': "client_kind || '|' || segment || '|' || sector_code",
    'segment': "client_kind || '|' || segment",
} %}
with
rule as (
    select * from policy.offer_peer_group
),

setting as (
    select max(case when setting = 'peer_share_pct' then value end) as peer_share_pct
    from policy.offer_setting
),

client as (
    select
        client.client_id,
        client.client_kind,
        client.segment,
        client.sector_code,
        client_tier.tier
    from staging.client as client
    left join tiers.client_tier as client_tier on client.client_id = client_tier.client_id
    where client.is_active
),

keyed as (
    {% for peer_group, key in keys.items() %}
    select
        client_id,
        '{{ peer_group }}' as peer_group,
        {{ key }} as peer_key
    from client
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

grouped as (
    select
        keyed.peer_group,
        keyed.peer_key,
        count(*) as clients
    from keyed
    where keyed.peer_key is not null
    group by keyed.peer_group, keyed.peer_key
),

-- the narrowest group that is large enough, without the client itself
placed as (
    select
        keyed.client_id,
        grouped.peer_group,
        grouped.peer_key,
        cast(grouped.clients - 1 as integer) as peer_count,
        row_number() over (partition by keyed.client_id order by rule.width asc, rule.peer_group asc) as place
    from keyed
    inner join grouped on keyed.peer_group = grouped.peer_group and keyed.peer_key = grouped.peer_key
    inner join rule on keyed.peer_group = rule.peer_group and grouped.clients > rule.min_peers
),

chosen as (
    select * from placed
    where place = 1
),

wanted as (
    select distinct
        peer_group,
        peer_key
    from chosen
),

used as (
    select
        keyed.peer_group,
        keyed.peer_key,
        holding.product,
        count(*) as users
    from keyed
    inner join wanted on keyed.peer_group = wanted.peer_group and keyed.peer_key = wanted.peer_key
    inner join staging.product_holding as holding on keyed.client_id = holding.client_id
    group by keyed.peer_group, keyed.peer_key, holding.product
),

shared as (
    select
        chosen.client_id,
        used.product,
        chosen.peer_group,
        chosen.peer_count,
        cast(
            (used.users - case when own.client_id is null then 0 else 1 end) / nullif(chosen.peer_count, 0)
            as decimal(18, 6)
        ) as user_share
    from chosen
    inner join used on chosen.peer_group = used.peer_group and chosen.peer_key = used.peer_key
    left join staging.product_holding as own on chosen.client_id = own.client_id and used.product = own.product
),

most as (
    select shared.*
    from shared
    cross join setting
    where shared.user_share * 100 >= setting.peer_share_pct
)

select * from most
