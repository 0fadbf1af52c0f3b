-- one row per client that carries a tier which changed, or came under attention, within the last days
{% import 'macros/candidate.sql' as candidate %}
{% import 'macros/words.sql' as words %}
with
setting as (
    select max(case when setting = 'tier_task_days' then value end) as tier_task_days
    from policy.task_setting
),

-- what happens to a group is told once, to who looks after its carrier; who joined or left one is told itself
client_tier as (
    select *
    from tiers.client_tier
    where tier_basis <> 'member' or changed_cause = 'group_change'
),

client_metric as (
    select * from tiers.client_metric
),

level as (
    select * from policy.tier
),

-- a change that somebody decided by hand is news to nobody; its end is
changed as (
    select
        client_tier.client_id,
        'tier_change' as kind,
        client_tier.changed_from || '>' || client_tier.tier as subject,
        client_tier.changed_on as started_on,
        client_tier.changed_from as before_tier,
        client_tier.tier as after_tier,
        case
            when client_tier.changed_cause = 'override_end' then 'tier_override_end'
            when client_tier.changed_cause = 'group_change' then 'tier_group_change'
            when level_after.level > level_before.level then 'tier_upgrade'
            else 'tier_downgrade'
        end as text
    from client_tier
    inner join level as level_before on client_tier.changed_from = level_before.tier
    inner join level as level_after on client_tier.tier = level_after.tier
    where client_tier.override_id is null
),

watched as (
    select
        client_id,
        'tier_attention' as kind,
        tier as subject,
        attention_since as started_on,
        tier as before_tier,
        tier as after_tier,
        'tier_attention' as text
    from client_tier
    where attention and tier_basis <> 'member'
),

raised as (
    select * from changed
    union all
    select * from watched
),

recent as (
    select raised.*
    from raised
    cross join setting
    where date_diff('day', raised.started_on, $business_date) < setting.tier_task_days
),

measured as (
    select
        recent.*,
        special_contact.sla_days,
        level_after.grace_months,
        client_tier.months_below,
        client_tier.evaluated_month,
        client_tier.score,
        client_tier.sponsor_group_id is not null as is_of_group,
        client_metric.group_dep_avg_month_amt as dep_amt
    from recent
    inner join client_tier on recent.client_id = client_tier.client_id
    inner join level as level_after on recent.after_tier = level_after.tier
    inner join policy.special_contact as special_contact
        on recent.kind = special_contact.event and special_contact.event in ('tier_change', 'tier_attention')
    left join client_metric on recent.client_id = client_metric.client_id
),

-- of the whole group's deposits another sentence speaks
told as (
    select
        measured.*,
        case
            when measured.is_of_group and measured.text in ('tier_upgrade', 'tier_downgrade', 'tier_attention')
                then measured.text || '_group'
            else measured.text
        end as told_as
    from measured
),

listed as (
    select
        told.client_id,
        told.kind,
        told.subject,
        told.started_on,
        told.started_on as clock_from,
        told.sla_days,
        {{ candidate.lacking('clock_from', 'sla_days', 'figures') }},
        task_text.reason_zh,
        task_text.reason_en,
        task_text.next_step_zh,
        task_text.next_step_en,
        {{ words.figures({
            'before': 'told.before_tier',
            'after': 'told.after_tier',
            'month': 'substr(cast(told.evaluated_month as varchar), 1, 7)',
            'dep': 'told.dep_amt',
            'score': 'told.score',
            'months': 'told.months_below',
            'grace': 'told.grace_months',
        }) }} as figures
    from told
    inner join policy.task_text as task_text on told.told_as = task_text.text
)

select * from listed
