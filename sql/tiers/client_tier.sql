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
    select * from tiers_machine.state
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
        case
            when state.client_id is not null then state.machine_tier
            when standing.client_id is not null then standing.machine_tier
            else 'standard'
        end as machine_tier,
        case
            when state.client_id is not null then state.machine_months_below
            when standing.client_id is not null then standing.machine_months_below
            else 0
        end as machine_months_below,
        case
            when state.client_id is not null then state.machine_attention
            when standing.client_id is not null then standing.machine_attention
            else false
        end as machine_attention,
        case when state.client_id is null then standing.qualified_tier else state.qualified_tier end as qualified_tier,
        case when state.client_id is null then standing.score else state.score end as score,
        -- of a client that was never evaluated nothing is complete; what a former night did not record is unknown
        case
            when state.client_id is not null then state.completeness
            when standing.client_id is not null then standing.completeness
            else 0
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
            when state.client_id is not null then state.window_dressing
            when standing.client_id is not null then standing.window_dressing
            else false
        end as window_dressing
    from client
    left join state on client.client_id = state.client_id
    left join standing on client.client_id = standing.client_id
    left join manual on client.client_id = manual.client_id and manual.place = 1
),

decided as (
    select
        joined.*,
        -- a tier that the night before did not record under a manual decision shows as it stood until a month says
        coalesce(override_tier, machine_tier, standing_tier) as tier,
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
            when is_known and (standing_tier is null or standing_tier = tier) then standing_effective_from
            else $business_date
        end as effective_from,
        standing_tier as previous_tier,
        case when is_known and standing_tier <> tier then $business_date else standing_changed_on end as changed_on,
        case when is_known and standing_tier <> tier then standing_tier else standing_changed_from end as changed_from,
        case when is_known and standing_tier <> tier then cause else standing_changed_cause end as changed_cause,
        case
            when attention is null or not attention then null
            when is_known and (standing_attention is null or standing_attention) then standing_attention_since
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
