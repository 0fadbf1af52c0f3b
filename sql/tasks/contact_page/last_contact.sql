-- one row per active client: when it was spoken with last, the last contact that may be counted as a fixed one, by the
-- rule of the list's own sentence, and why a later one may not, or why one that may came for none that was owed
with
spoken as (
    select distinct
        client_id,
        occurred_on
    from tasks_contact.conversation
),

-- a special contact that was only reported done was no contact of that day
met as (
    select
        plan.client_id,
        case
            when plan.kind <> 'special' or own.client_id is not null or carrier.client_id is not null then plan.done_on
        end as done_on
    from tasks.contact_plan as plan
    left join tiers.client_tier as client_tier on plan.client_id = client_tier.client_id
    left join spoken as own on plan.client_id = own.client_id and plan.done_on = own.occurred_on
    left join spoken as carrier
        on client_tier.carrier_client_id = carrier.client_id and plan.done_on = carrier.occurred_on
),

planned as (
    select
        client_id,
        max(done_on) as done_on
    from met
    group by client_id
),

-- who leads the group speaks for its company, and what counts for the leader's plan counts for it
filled as (
    select
        client_tier.client_id,
        greatest(
            coalesce(own.done_on, carrier.done_on), coalesce(carrier.done_on, own.done_on)
        ) as done_on
    from tiers.client_tier as client_tier
    left join planned as own on client_tier.client_id = own.client_id
    left join planned as carrier on client_tier.carrier_client_id = carrier.client_id
),

gap as (
    select cast(max(case when setting = 'contact_gap_days' then value end) as integer) as days
    from policy.task_setting
),

told as (
    select
        background.client_id,
        background.last_on,
        background.last_channel,
        background.last_outcome,
        background.counted_on,
        case
            when background.last_on is null then null
            when background.counted_on = background.last_on
                then case
                    when filled.done_on >= background.last_on then null
                    when date_diff('day', filled.done_on, background.last_on) < gap.days then 'near'
                    when background.last_counts = 'once' then 'stand_in'
                    else 'not_owed'
                end
            when filled.done_on = background.last_on then 'other'
            when not background.last_is_two_way then 'one_way'
            when background.last_counts = 'never' then 'purpose'
            else 'carried'
        end as uncounted
    from tasks_contact.background as background
    cross join gap
    left join filled on background.client_id = filled.client_id
)

select * from told
