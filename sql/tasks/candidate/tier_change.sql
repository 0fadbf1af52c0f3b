-- one row per client whose tier changed, or came under attention, within the last days
{% import 'macros/candidate.sql' as candidate %}
{% import 'macros/words.sql' as words %}
with
setting as (
    select max(case when setting = 'tier_task_days' then value end) as tier_task_days
    from policy.task_setting
),

client_tier as (
    select * from tiers.client_tier
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
    where attention
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
        coalesce(tier_floor.dep_scope = 'group', false) as is_of_group,
        -- the deposits that the higher of the two tiers asks for
        case
            when tier_floor.dep_scope = 'group' then client_metric.group_dep_avg_month_amt
            else client_metric.dep_avg_month_amt
        end as dep_amt
    from recent
    inner join client_tier on recent.client_id = client_tier.client_id
    inner join level as level_before on recent.before_tier = level_before.tier
    inner join level as level_after on recent.after_tier = level_after.tier
    inner join policy.special_contact as special_contact on recent.kind = special_contact.event
    left join client_metric on recent.client_id = client_metric.client_id
    left join policy.tier_floor as tier_floor
        on
            case when level_before.level < level_after.level then level_after.tier else level_before.tier end
            = tier_floor.tier
),

-- of the whole group's deposits another sentence speaks
told as (
    select
        measured.*,
        measured.text || case when measured.is_of_group and measured.dep_amt is not null then '_group' else '' end
            as told_as
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
