-- one row per active client and thing not to say: by what anybody may know of it, never by what is for risk alone
with
client as (
    select
        client_id,
        is_natural_person,
        marketing_consent
    from staging.client
    where is_active
),

tier as (
    select
        client_id,
        sponsor_group_id
    from tiers.client_tier
),

several as (
    select sponsor_group_id
    from tier
    where sponsor_group_id is not null
    group by sponsor_group_id
    having count(*) > 1
),

raised as (
    select
        client.client_id,
        caution.caution
    from client
    inner join policy.brief_caution_text as caution on caution.caution in ('internal', 'not_approved', 'suspicion')
    union all
    select
        client.client_id,
        'no_marketing_consent' as caution
    from client
    where not coalesce(client.marketing_consent, false)
    union all
    select
        client.client_id,
        'natural_person' as caution
    from client
    where client.is_natural_person
    union all
    select
        tier.client_id,
        'group_members' as caution
    from tier
    inner join several on tier.sponsor_group_id = several.sponsor_group_id
    union all
    select
        client_id,
        'watch' as caution
    from warnings.watch
    where stage <> 'W0'
    union all
    select distinct
        client_id,
        'promise_first' as caution
    from tasks.promise_state
    where state in ('late', 'broken')
    union all
    select distinct
        client_id,
        'draw_open' as caution
    from care.draw_gate
),

worded as (
    select
        raised.client_id,
        raised.caution,
        words.words_zh,
        words.words_en
    from raised
    inner join policy.brief_caution_text as words on raised.caution = words.caution
)

select * from worded
