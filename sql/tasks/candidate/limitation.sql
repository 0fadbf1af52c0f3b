-- one row per loan that is due as a whole and unpaid, and whose limitation of actions ends within the notice
-- Three years from the day on which the whole is due, and anew from each concession that was agreed since, and from the
-- day on which this task was answered as done in time: what it asks for is a demand with a receipt, or an action. Of
-- demands that nobody told here, and of payments, nothing is known: so the day is the earliest it can be.
{% import 'macros/candidate.sql' as candidate %}
{% import 'macros/words.sql' as words %}
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

-- which tasks asked for a demand on which loan: a key tells neither, and is another once policy's notice is
asked as (
    select
        task_key,
        loan_id
    from previous.task
    where kind = 'limitation'
    union
    select
        task_key,
        loan_id
    from previous.feedback
    where kind = 'limitation'
),

demanded as (
    select
        asked.loan_id,
        feedback.done_on,
        min(asked.task_key) as task_key
    from asked
    inner join staging.task_feedback as feedback on asked.task_key = feedback.task_key
    where feedback.status = 'done'
    group by asked.loan_id, feedback.done_on
),

begun as (
    select
        loan_id,
        runs_from,
        cast(null as varchar) as task_key
    from running
    union all
    select
        running.loan_id,
        demanded.done_on as runs_from,
        demanded.task_key
    from running
    inner join demanded on running.loan_id = demanded.loan_id and running.runs_from < demanded.done_on
),

clock as (
    select
        begun.loan_id,
        begun.runs_from,
        cast(begun.runs_from + setting.limitation_days * interval '1' day as date) as ends_on,
        setting.notice_days,
        lag(begun.runs_from) over (partition by begun.loan_id order by begun.runs_from asc) as ran_from,
        lead(begun.task_key) over (partition by begun.loan_id order by begun.runs_from asc) as answered_key
    from begun
    cross join setting
),

-- what was demanded runs anew from that day; what had run out by then does not
lapsed as (
    select
        clock.*,
        sum(case when date_diff('day', clock.ran_from, clock.runs_from) > setting.limitation_days then 1 else 0 end)
            over (
                partition by clock.loan_id
                order by clock.runs_from asc
                rows between unbounded preceding and current row
            ) as lapses
    from clock
    cross join setting
),

ending as (
    select
        running.client_id,
        running.project_id,
        running.outstanding_amt,
        lapsed.*
    from lapsed
    inner join running on lapsed.loan_id = running.loan_id
    where lapsed.lapses = 0
),

-- what ended long ago is no clock any more: it is told for as long again as it was announced. One that a demand ended
-- before is shown with the answer, not asked for under another key
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
        and coalesce(
            ending.answered_key
            = {{ candidate.key(
                'ending.client_id', "'limitation'", "ending.loan_id || '/' || cast(ending.runs_from as varchar)",
                "cast(ending.ends_on - ending.notice_days * interval '1' day as date)"
            ) | indent(12) }},
            true
        )
)

select * from listed
