-- one row per event that asks for a special contact and that no conversation has answered yet
{% import 'macros/candidate.sql' as candidate %}
{% import 'macros/words.sql' as words %}
{% import 'macros/background.sql' as known %}
with
open_event as (
    select * from tasks_contact.event
    where state = 'open'
),

listed as (
    select
        open_event.client_id,
        'special_contact' as kind,
        open_event.event || '/' || open_event.subject as subject,
        open_event.happened_on as started_on,
        open_event.due_on,
        open_event.owner_role,
        {{ candidate.lacking('due_on', 'owner_role', 'figures') }},
        task_text.reason_zh || coalesce(background.background_zh, '') as reason_zh,
        task_text.reason_en || coalesce(background.background_en, '') as reason_en,
        task_text.next_step_zh,
        task_text.next_step_en,
        {{ words.figures(dict({
            'date': 'open_event.told_on',
            'told': 'open_event.told',
            'amount': 'open_event.told_amt',
        }, **known.figures)) }} as figures
    from open_event
    left join tasks_contact.background as background on open_event.client_id = background.client_id
    inner join policy.task_text as task_text on task_text.text = 'special_' || open_event.event
)

select * from listed
