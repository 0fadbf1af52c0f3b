-- one row per active client
with
client as (
    select
        client_id,
        branch_id
    from staging.client
    where is_active
),

state as (
    select * from machine.state
),

standing as (
    select * from previous.client_tier
),

-- of several manual decisions in force the latest counts
manual as (
    select
        client_id,
        override_id,
        tier,
        valid_to,
        row_number() over (partition by client_id order by valid_from desc, override_id desc) as place
    from staging.override
    where is_valid and valid_from <= $business_date and valid_to >= $business_date
),

-- the machine goes on underneath a manual decision: evaluated tonight, else as it stood
joined as (
    select
        client.client_id,
        client.branch_id,
        manual.override_id,
        manual.tier as override_tier,
        manual.valid_to as override_valid_to,
        standing.client_id is not null as is_known,
        standing.tier as standing_tier,
        standing.cause as standing_cause,
        standing.attention as standing_attention,
        standing.attention_since as standing_attention_since,
        standing.effective_from as standing_effective_from,
        standing.changed_on as standing_changed_on,
        standing.changed_from as standing_changed_from,
        standing.changed_cause as standing_changed_cause,
        state.client_id is not null as is_evaluated,
        state.cause as machine_cause,
        coalesce(state.machine_tier, standing.machine_tier, 'standard') as machine_tier,
        coalesce(state.machine_months_below, standing.machine_months_below, 0) as machine_months_below,
        coalesce(state.machine_attention, standing.machine_attention, false) as machine_attention,
        case when state.client_id is null then standing.qualified_tier else state.qualified_tier end as qualified_tier,
        case when state.client_id is null then standing.score else state.score end as score,
        case
            when state.client_id is null then coalesce(standing.completeness, 0) else state.completeness
        end as completeness,
        case
            when state.client_id is null then standing.evaluated_month else state.evaluated_month
        end as evaluated_month,
        case
            when state.client_id is null then standing.evaluated_policy else $policy_version
        end as evaluated_policy,
        case
            when state.client_id is null then standing.is_contrib_estimated else state.is_contrib_estimated
        end as is_contrib_estimated,
        case
            when state.client_id is null then coalesce(standing.window_dressing, false) else state.window_dressing
        end as window_dressing
    from client
    left join state on client.client_id = state.client_id
    left join standing on client.client_id = standing.client_id
    left join manual on client.client_id = manual.client_id and manual.place = 1
),

decided as (
    select
        joined.*,
        coalesce(override_tier, machine_tier) as tier,
        -- under a manual decision nothing is about to be lowered
        machine_attention and override_id is null as attention,
        case
            when override_id is not null then 'override'
            when is_evaluated and machine_cause in ('upgrade', 'downgrade') then machine_cause
            when standing_cause = 'override' then 'override_end'
            when is_evaluated then machine_cause
            when is_known then standing_cause
            else 'incomplete'
        end as cause
    from joined
),

dated as (
    select
        $business_date as business_date,
        client_id,
        branch_id,
        tier,
        qualified_tier,
        score,
        completeness,
        machine_months_below as months_below,
        attention,
        cause,
        $policy_version as policy_version,
        evaluated_month,
        evaluated_policy,
        case
            when is_known and standing_tier = tier then standing_effective_from else $business_date
        end as effective_from,
        standing_tier as previous_tier,
        case when is_known and standing_tier <> tier then $business_date else standing_changed_on end as changed_on,
        case when is_known and standing_tier <> tier then standing_tier else standing_changed_from end as changed_from,
        case when is_known and standing_tier <> tier then cause else standing_changed_cause end as changed_cause,
        case
            when not attention then null
            when coalesce(standing_attention, false) then standing_attention_since
            else $business_date
        end as attention_since,
        override_id,
        override_valid_to,
        machine_tier,
        machine_months_below,
        machine_attention,
        is_contrib_estimated,
        window_dressing
    from decided
)

select * from dated
