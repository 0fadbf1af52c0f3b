-- one row per client whose running contact window is not filled yet; a window that was missed is named in it
{% import 'macros/wording.sql' as wording %}
with
windows as (
    select * from candidate.contact_window
    where place <= 2
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

-- only windows that lie wholly after the client came
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
),

open_windows as (
    select asked.*
    from asked
    left join candidate.contact_done as done
        on
            asked.client_id = done.client_id
            and asked.period_start = done.period_start
            and asked.slot = done.slot
    where done.client_id is null
),

-- what happened before the bank's contact records begin is unknown, not missed
missed as (
    select open_windows.*
    from open_windows
    cross join first_contact
    where open_windows.place = 2 and open_windows.window_start >= first_contact.day
),

running as (
    select
        open_windows.client_id,
        'contact' as kind,
        substr(cast(open_windows.period_start as varchar), 1, 7)
        || '/'
        || cast(open_windows.slot as varchar) as subject,
        open_windows.window_start as started_on,
        open_windows.due_on,
        cast(open_windows.slot as varchar) as slot,
        cast(open_windows.window_start as varchar) as window_from,
        cast(open_windows.window_end as varchar) as window_to,
        cast(missed.window_end as varchar) as missed_to,
        case when missed.client_id is null then 'contact' else 'contact_missed' end as text
    from open_windows
    left join missed on open_windows.client_id = missed.client_id
    where open_windows.place = 1
),

listed as (
    select
        running.client_id,
        running.kind,
        running.subject,
        running.started_on,
        running.due_on,
        {{ wording.fill('task_text.reason_zh', {
            'from': 'running.window_from', 'to': 'running.window_to', 'slot': 'running.slot',
            'missed_to': 'running.missed_to',
        }) }} as reason_zh,
        {{ wording.fill('task_text.reason_en', {
            'from': 'running.window_from', 'to': 'running.window_to', 'slot': 'running.slot',
            'missed_to': 'running.missed_to',
        }) }} as reason_en,
        task_text.next_step_zh,
        task_text.next_step_en
    from running
    inner join policy.task_text as task_text on running.text = task_text.text
)

select * from listed
