-- one row per client with a colour of its own and enough peers: the group it is held against, and its median score
{% set keys = {
    'sector': "client_kind || '|' || segment || '|' || sector_code",
    'segment': "client_kind || '|' || segment",
    'kind': 'client_kind',
} %}
with
rule as (
    select * from policy.peer_group
),

-- the score of a client of whom too little is known is too low, and who has no credit has none
known as (
    select
        settled.client_id,
        settled.score,
        client.client_kind,
        client.segment,
        client.sector_code
    from warnings_verdict.settled as settled
    inner join policy.colour as colour on settled.colour_rank = colour.rank
    inner join staging.client as client on settled.client_id = client.client_id
    where colour.colour not in ('not_assessed', 'no_credit')
),

keyed as (
    {% for peer_group, key in keys.items() %}
    select
        client_id,
        score,
        '{{ peer_group }}' as peer_group,
        {{ key }} as peer_key
    from known
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

grouped as (
    select
        peer_group,
        peer_key,
        cast(count(*) as integer) as peer_count,
        cast(quantile_cont(score, 0.5) as decimal(9, 2)) as peer_median_score
    from keyed
    where peer_key is not null
    group by peer_group, peer_key
),

-- the narrowest group that is large enough
placed as (
    select
        keyed.client_id,
        grouped.peer_group,
        grouped.peer_count,
        grouped.peer_median_score,
        row_number() over (partition by keyed.client_id order by rule.width asc, rule.peer_group asc) as place
    from keyed
    inner join grouped on keyed.peer_group = grouped.peer_group and keyed.peer_key = grouped.peer_key
    inner join rule on keyed.peer_group = rule.peer_group and grouped.peer_count >= rule.min_peers
),

peer_level as (
    select
        client_id,
        peer_group,
        peer_count,
        peer_median_score
    from placed
    where place = 1
)

select * from peer_level
