-- one row per active client
with
client as (
    select
        client.client_id,
        client.branch_id,
        member.group_key,
        member.sponsor_group_id,
        member.tier_basis,
        member.carrier_client_id,
        member.control_issue,
        member.is_contact_owed
    from staging.client as client
    inner join tiers_group.member as member on client.client_id = member.client_id
    where client.is_active
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

-- the machine goes on underneath a manual decision: evaluated tonight, else as the relationship stood
joined as (
    select
        client.client_id,
        client.branch_id,
        client.sponsor_group_id,
        client.tier_basis,
        client.carrier_client_id,
        client.control_issue,
        client.is_contact_owed,
        -- what is decided of who carries the tier is decided of its members, and of a member of that one alone
        coalesce(manual.override_id, carrier_manual.override_id) as override_id,
        coalesce(manual.tier, carrier_manual.tier) as override_tier,
        coalesce(manual.valid_to, carrier_manual.valid_to) as override_valid_to,
        standing.client_id is not null as is_known,
        standing.tier as standing_tier,
        standing.cause as standing_cause,
        standing.attention as standing_attention,
        standing.attention_since as standing_attention_since,
        standing.effective_from as standing_effective_from,
        standing.changed_on as standing_changed_on,
        standing.changed_from as standing_changed_from,
        standing.changed_cause as standing_changed_cause,
        state.group_key is not null as is_evaluated,
        state.cause as machine_cause,
        case
            when state.group_key is not null then state.machine_tier
            when group_standing.group_key is not null then group_standing.machine_tier
            else 'standard'
        end as machine_tier,
        case
            when state.group_key is not null then state.machine_months_below
            when group_standing.group_key is not null then group_standing.machine_months_below
            else 0
        end as machine_months_below,
        case
            when state.group_key is not null then state.machine_attention
            when group_standing.group_key is not null then group_standing.machine_attention
            else false
        end as machine_attention,
        -- of a client whose control is not known nothing is judged
        case
            when client.tier_basis = 'not_assessed' then null
            when state.group_key is null then standing.qualified_tier
            else state.qualified_tier
        end as qualified_tier,
        case
            when client.tier_basis = 'not_assessed' then null
            when state.group_key is null then standing.score
            else state.score
        end as score,
        -- of a client that was never evaluated nothing is complete; what a former night did not record is unknown
        case
            when client.tier_basis = 'not_assessed' then 0
            when state.group_key is not null then state.completeness
            when standing.client_id is not null then standing.completeness
            else 0
        end as completeness,
        case
            when state.group_key is null then standing.evaluated_month else state.evaluated_month
        end as evaluated_month,
        case
            when state.group_key is null then standing.evaluated_policy else $policy_version
        end as evaluated_policy,
        case
            when state.group_key is null then standing.is_contrib_estimated else state.is_contrib_estimated
        end as is_contrib_estimated,
        case
            when state.group_key is not null then state.window_dressing
            when standing.client_id is not null then standing.window_dressing
            else false
        end as window_dressing
    from client
    left join state on client.group_key = state.group_key
    left join tiers_machine.standing as group_standing on client.group_key = group_standing.group_key
    left join standing on client.client_id = standing.client_id
    left join manual on client.client_id = manual.client_id and manual.place = 1
    left join manual as carrier_manual
        on client.carrier_client_id = carrier_manual.client_id and carrier_manual.place = 1
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
            when machine_cause in ('upgrade', 'downgrade') then machine_cause
            when standing_cause = 'override' then 'override_end'
            when tier_basis = 'not_assessed' then 'control_unknown'
            when is_evaluated then machine_cause
            -- between two months judged a tier moves only because whose it is has changed
            when is_known and standing_tier <> machine_tier then 'group_change'
            when not is_known and tier_basis = 'member' then 'group_change'
            when is_known and standing_cause = 'control_unknown' then 'incomplete'
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
        sponsor_group_id,
        tier_basis,
        carrier_client_id,
        control_issue,
        is_contact_owed,
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
