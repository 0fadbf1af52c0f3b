-- one row per client that lacks a product which most of its peers use, nothing standing against it: the best one
{% import 'macros/candidate.sql' as candidate %}
{% import 'macros/words.sql' as words %}
with
setting as (
    select
        max(case when setting = 'task_level' then value end) as least_level,
        max(case when setting = 'task_score' then value end) as least_score
    from policy.offer_setting
),

-- what the client asked for is a task of its own kind
advised as (
    select
        advice.client_id,
        advice.product,
        advice.advised_since,
        advice.peer_group,
        advice.peer_count,
        advice.peer_share_pct,
        advice.accepted_365d_count,
        advice.decided_365d_count,
        row_number() over (partition by advice.client_id order by advice.score desc, advice.product asc) as place
    from tasks.offer_advice as advice
    cross join setting
    inner join tiers.client_tier as client_tier on advice.client_id = client_tier.client_id
    inner join policy.tier as tier on client_tier.tier = tier.tier
    where
        advice.advised_since is not null
        and advice.peer_group is not null
        and advice.need_kind is null
        and advice.score >= setting.least_score
        and tier.level >= setting.least_level
),

listed as (
    select
        advised.client_id,
        'offer' as kind,
        advised.product as subject,
        advised.advised_since as started_on,
        advised.advised_since as clock_from,
        special_contact.sla_days,
        {{ candidate.lacking('clock_from', 'sla_days', 'figures') }},
        task_text.reason_zh,
        task_text.reason_en,
        task_text.next_step_zh,
        task_text.next_step_en,
        {{ words.figures({
            'product': 'advised.product',
            'peer_group': 'advised.peer_group',
            'peers': 'advised.peer_count',
            'peer_share': 'advised.peer_share_pct',
            'decided': 'advised.decided_365d_count',
            'accepted': 'advised.accepted_365d_count',
        }) }} as figures
    from advised
    inner join policy.special_contact as special_contact on special_contact.event = 'offer'
    inner join policy.task_text as task_text on task_text.text = 'offer_peers'
    where advised.place = 1
)

select * from listed
