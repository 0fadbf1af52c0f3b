-- one row per client whose running contact window is not filled yet; a window that was missed is named in it
{% import 'macros/candidate.sql' as candidate %}
{% import 'macros/words.sql' as words %}
with
windows as (
    select * from tasks_contact.slot_window
),

client as (
    select
        client_id,
        onboard_date
    from staging.client
    where is_active
),

first_contact as (
    select cast((min(occurred_at) at time zone 'UTC') at time zone $timezone as date) as day
    from staging.contact
),

-- only windows that lie wholly after the client came, and that its tier, or the one before, asked for in time; a group
-- is owed its contacts once
asked as (
    select
        client_tier.client_id,
        windows.slot,
        windows.period_start,
        windows.window_start,
        windows.window_end,
        windows.due_on,
        windows.place
    from tiers.client_tier as client_tier
    inner join client on client_tier.client_id = client.client_id
    inner join windows on client_tier.tier = windows.tier and client.onboard_date <= windows.window_start
    left join windows as before
        on
            client_tier.changed_from = before.tier
            and windows.period_start = before.period_start
            and windows.slot = before.slot
    where
        windows.place <= 2
        and client_tier.is_contact_owed
        and (client_tier.changed_on is null or client_tier.changed_on < windows.due_on or before.tier is not null)
),

judged as (
    select
        asked.*,
        done.client_id is null as is_open,
        coalesce(done.is_in_time, false) as is_in_time
    from asked
    left join tasks_contact.filled as done
        on
            asked.client_id = done.client_id
            and asked.period_start = done.period_start
            and asked.slot = done.slot
),

-- what happened before the bank's contact records begin is unknown, not missed
missed as (
    select judged.*
    from judged
    cross join first_contact
    where judged.place = 2 and not judged.is_in_time and judged.window_start >= first_contact.day
),

running as (
    select
        judged.client_id,
        'contact' as kind,
        substr(cast(judged.period_start as varchar), 1, 7)
        || '/'
        || cast(judged.slot as varchar) as subject,
        judged.window_start as started_on,
        judged.due_on,
        cast(judged.slot as varchar) as slot,
        cast(judged.window_start as varchar) as window_from,
        cast(judged.window_end as varchar) as window_to,
        cast(missed.window_end as varchar) as missed_to,
        case when missed.client_id is null then 'contact' else 'contact_missed' end as text
    from judged
    left join missed on judged.client_id = missed.client_id
    where judged.place = 1 and judged.is_open
),

listed as (
    select
        running.client_id,
        running.kind,
        running.subject,
        running.started_on,
        running.due_on,
        {{ candidate.lacking('due_on', 'figures') }},
        task_text.reason_zh,
        task_text.reason_en,
        task_text.next_step_zh,
        task_text.next_step_en,
        {{ words.figures({
            'from': 'running.window_from',
            'to': 'running.window_to',
            'slot': 'running.slot',
            'missed_to': 'running.missed_to',
        }) }} as figures
    from running
    inner join policy.task_text as task_text on running.text = task_text.text
)

select * from listed
