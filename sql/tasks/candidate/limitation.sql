-- one row per loan that is due as a whole and unpaid, and whose limitation of actions ends within the notice
-- Three years from the day on which the whole is due, and anew from each concession that was agreed since, and from the
-- day on which this task was answered as done in time: what it asks for is a demand with a receipt, or an action. Of
-- demands that nobody told here, and of payments, nothing is known: so the day is the earliest it can be.
{% import 'macros/candidate.sql' as candidate %}
{% import 'macros/words.sql' as words %}
{# so many demands, one after the other, are followed: twelve years of a debt #}
{% set demands = range(1, 4) %}
with
setting as (
    select
        cast(max(case when setting = 'limitation_days' then value end) as integer) as limitation_days,
        cast(max(case when setting = 'limitation_notice_days' then value end) as integer) as notice_days
    from policy.task_setting
),

agreed as (
    select
        loan_id,
        max(granted_on) as granted_on
    from staging.forbearance
    group by loan_id
),

running as (
    select
        loan_state.client_id,
        loan_state.loan_id,
        loan_state.project_id,
        loan_state.outstanding_amt,
        greatest(loan_state.due_in_full_on, coalesce(agreed.granted_on, loan_state.due_in_full_on)) as runs_from
    from features.loan_state as loan_state
    left join agreed on loan_state.loan_id = agreed.loan_id
    where
        loan_state.status <> 'closed'
        -- what is owed in a currency without a rate is owed all the same
        and coalesce(loan_state.outstanding_amt > 0, true)
        and loan_state.due_in_full_on is not null
),

demanded as (
    select
        task_key,
        done_on
    from staging.task_feedback
    where status = 'done'
),

clock_0 as (
    select
        running.*,
        setting.notice_days,
        cast(running.runs_from + setting.limitation_days * interval '1' day as date) as ends_on
    from running
    cross join setting
),

{% for n in demands %}
-- what was answered runs anew from that day; what had run out by then does not
clock_{{ n }} as (
    select
        clock.client_id,
        clock.loan_id,
        clock.project_id,
        clock.outstanding_amt,
        demanded.done_on as runs_from,
        clock.notice_days,
        cast(demanded.done_on + setting.limitation_days * interval '1' day as date) as ends_on
    from clock_{{ n - 1 }} as clock
    cross join setting
    inner join demanded
        on
            {{ candidate.key(
                'clock.client_id', "'limitation'", "clock.loan_id || '/' || cast(clock.runs_from as varchar)",
                "cast(clock.ends_on - clock.notice_days * interval '1' day as date)"
            ) | indent(12) }} = demanded.task_key
    where demanded.done_on > clock.runs_from and demanded.done_on <= clock.ends_on
),

{% endfor %}
ending as (
    select * from clock_0
    {% for n in demands %}
    union all
    select * from clock_{{ n }}
    {% endfor %}
),

-- what ended long ago is no clock any more: it is told for as long again as it was announced
listed as (
    select
        {{ candidate.deadline(
            'limitation', 'ending', "ending.loan_id || '/' || cast(ending.runs_from as varchar)", 'ends_on'
        ) }},
        {{ words.figures({
            'loan': 'ending.loan_id',
            'amount': 'ending.outstanding_amt',
            'from': 'ending.runs_from',
            'date': 'ending.ends_on',
        }) }} as figures
    from ending
    inner join policy.task_text as task_text on task_text.text = 'limitation'
    where
        date_diff('day', $morning, ending.ends_on) <= ending.notice_days
        and date_diff('day', ending.ends_on, $morning) <= ending.notice_days
)

select * from listed
