-- one row per client, kind of contact and window that it is owed: as its tier asked for it while the window ran
with
windows as (
    select * from tasks_contact.slot_window
),

client as (
    select
        client_tier.client_id,
        client_tier.sponsor_group_id,
        client_tier.tier,
        client_tier.changed_on,
        client_tier.changed_from,
        client.onboard_date
    from tiers.client_tier as client_tier
    inner join staging.client as client on client_tier.client_id = client.client_id
    where client.is_active and client_tier.is_contact_owed
),

watched as (
    select
        watch.client_id,
        watch.since
    from warnings.watch as watch
    inner join policy.watch_stage as stage on watch.stage = stage.stage
    cross join (
        select max(case when setting = 'watch_contact_level' then value end) as least_level
        from policy.task_setting
    ) as setting
    where stage.level >= setting.least_level
),

-- who met whom face to face is known only where the bank says how; head office is the branch that others belong to
recorded as (
    select
        stated.channels > 0 as is_channel_known,
        belonging.branches > 0 as is_head_office_known
    from (
        select count(*) as channels
        from night.supplied_column
        where table_name = 'contact' and column_name = 'channel'
    ) as stated
    cross join (
        select count(parent_branch_id) as branches
        from source.branch
    ) as belonging
),

asked_for as (
    select windows.*
    from windows
    cross join recorded
    where
        windows.kind in ('fixed', 'watch_contact')
        or (windows.kind = 'face_to_face' and recorded.is_channel_known)
        or (windows.kind = 'branch_head_visit' and recorded.is_channel_known)
        or (windows.kind = 'head_office_visit' and recorded.is_channel_known and recorded.is_head_office_known)
),

-- what a window that has ended asked for stands as the last list had it, whatever the tier has become since
standing as (
    select
        standing.client_id,
        standing.kind,
        standing.tier,
        standing.slot,
        standing.window_from
    from previous.contact_plan as standing
    where standing.kind <> 'special' and standing.window_to < $morning
),

last_plan as (
    select max(business_date) as business_date
    from previous.contact_plan
),

kept as (
    select
        client.client_id,
        client.sponsor_group_id,
        asked_for.*
    from standing
    inner join client on standing.client_id = client.client_id
    inner join asked_for
        on
            standing.tier = asked_for.tier
            and standing.kind = asked_for.kind
            and standing.slot = asked_for.slot
            and standing.window_from = asked_for.window_start
    -- of one that policy has made longer since, the tier of now is asked
    where asked_for.window_end < $morning
),

-- only windows that lie wholly after the client came, and that its tier, or the one before, asked for in time. The
-- first plan looks one window back, later ones as far as no list has looked
fresh as (
    select
        client.client_id,
        client.sponsor_group_id,
        asked_for.*
    from client
    inner join asked_for on client.tier = asked_for.tier and client.onboard_date <= asked_for.window_start
    cross join last_plan
    left join asked_for as before
        on
            client.changed_from = before.tier
            and asked_for.kind = before.kind
            and asked_for.slot = before.slot
            and asked_for.period_start = before.period_start
    left join watched on client.client_id = watched.client_id
    where
        (client.changed_on is null or client.changed_on < asked_for.due_on or before.tier is not null)
        and (asked_for.kind <> 'watch_contact' or watched.since <= asked_for.window_start)
        and (
            asked_for.window_end >= $morning
            or asked_for.place <= 1
            or (last_plan.business_date is null and asked_for.place = 2)
            or asked_for.window_end > last_plan.business_date + 1
        )
),

owed as (
    select kept.*
    from kept
    union all
    select fresh.*
    from fresh
    left join kept
        on
            fresh.client_id = kept.client_id
            and fresh.kind = kept.kind
            and fresh.slot = kept.slot
            and fresh.window_start = kept.window_start
    where kept.client_id is null
)

select * from owed
