-- one row per client whose running contact window is not filled yet: of several the first due, the others named in it
{% import 'macros/candidate.sql' as candidate %}
{% import 'macros/words.sql' as words %}
{% import 'macros/background.sql' as known %}
{% set notes = ('missed_windows', 'also_face_to_face', 'also_branch_head_visit', 'also_head_office_visit',
    'also_watch_contact') %}
with
judged as (
    select * from tasks_contact.judged
),

setting as (
    select
        cast(max(case when setting = 'visit_notice_days' then value end) as integer) as notice_days,
        cast(max(case when setting = 'contact_history_months' then value end) as integer) as history_months
    from policy.task_setting
),

missed as (
    select
        client_id,
        window_end,
        missed_windows
    from judged
    where kind = 'fixed' and place = 2 and state in ('missed', 'done_late')
),

-- a visit may be made on any day of a long period: it is asked for near its end
running as (
    select
        judged.client_id,
        judged.kind,
        judged.slot,
        judged.period_start,
        judged.window_start,
        judged.window_end,
        judged.due_on,
        case
            when judged.kind in ('fixed', 'watch_contact') then judged.window_start
            else greatest(
                judged.window_start, cast(judged.due_on - setting.notice_days * interval '1' day as date)
            )
        end as started_on,
        row_number() over (
            partition by judged.client_id
            order by judged.due_on asc, case when judged.kind = 'fixed' then 0 else 1 end asc, judged.kind asc
        ) as place
    from judged
    cross join setting
    where
        judged.place = 1
        and judged.state = 'open'
        and (
            judged.kind in ('fixed', 'watch_contact')
            or date_diff('day', $morning, judged.due_on) <= setting.notice_days
        )
),

-- one conversation may serve them all
beside as (
    select
        client_id,
        max(case when kind = 'face_to_face' then due_on end) as face_due_on,
        max(case when kind = 'branch_head_visit' then due_on end) as head_due_on,
        max(case when kind = 'head_office_visit' then due_on end) as office_due_on,
        max(case when kind = 'watch_contact' then due_on end) as watch_due_on
    from running
    where place > 1
    group by client_id
),

first_due as (
    select
        running.*,
        beside.face_due_on,
        beside.head_due_on,
        beside.office_due_on,
        beside.watch_due_on,
        case when running.kind = 'fixed' then missed.window_end end as missed_to,
        case when running.kind = 'fixed' and missed.missed_windows > 1 then missed.missed_windows end as missed_windows,
        case
            when running.kind <> 'fixed' then 'contact_' || running.kind
            when missed.client_id is null then 'contact'
            else 'contact_missed'
        end as text
    from running
    left join beside on running.client_id = beside.client_id
    left join missed on running.client_id = missed.client_id
    where running.place = 1
),

note as (
    select
        {% for note in notes %}
        max(case when note = '{{ note }}' then words_zh end) as {{ note }}_zh,
        max(case when note = '{{ note }}' then words_en end) as {{ note }}_en,
        {% endfor %}
        count(*) as notes
    from policy.contact_note_text
),

listed as (
    select
        first_due.client_id,
        'contact' as kind,
        case when first_due.kind = 'fixed' then '' else first_due.kind || '/' end
        || substr(cast(first_due.period_start as varchar), 1, 7)
        || '/'
        || cast(first_due.slot as varchar) as subject,
        first_due.started_on,
        first_due.due_on,
        {{ candidate.lacking('due_on', 'figures') }},
        {% for language in ('zh', 'en') %}
        task_text.reason_{{ language }}
        || case when first_due.missed_windows is null then '' else note.missed_windows_{{ language }} end
        || case when first_due.face_due_on is null then '' else note.also_face_to_face_{{ language }} end
        || case when first_due.head_due_on is null then '' else note.also_branch_head_visit_{{ language }} end
        || case when first_due.office_due_on is null then '' else note.also_head_office_visit_{{ language }} end
        || case when first_due.watch_due_on is null then '' else note.also_watch_contact_{{ language }} end
        || coalesce(background.background_{{ language }}, '')
            as reason_{{ language }},
        {% endfor %}
        task_text.next_step_zh,
        task_text.next_step_en,
        {{ words.figures(dict({
            'from': 'first_due.window_start',
            'to': 'first_due.window_end',
            'slot': 'first_due.slot',
            'missed_to': 'first_due.missed_to',
            'missed': 'first_due.missed_windows',
            'months': 'setting.history_months',
            'face_to_face_by': 'first_due.face_due_on',
            'branch_head_by': 'first_due.head_due_on',
            'head_office_by': 'first_due.office_due_on',
            'watch_by': 'first_due.watch_due_on',
        }, **known.figures)) }} as figures
    from first_due
    cross join note
    cross join setting
    left join tasks_contact.background as background on first_due.client_id = background.client_id
    inner join policy.task_text as task_text on first_due.text = task_text.text
)

select * from listed
