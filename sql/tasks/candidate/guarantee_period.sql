-- one row per guarantee of a loan that is due as a whole and unpaid, and whose statutory period ends within the notice
-- Six months from the day on which the debt is due, where nothing else is agreed: the contract has no column for that.
{% import 'macros/candidate.sql' as candidate %}
{% import 'macros/words.sql' as words %}
with
setting as (
    select
        cast(max(case when setting = 'guarantee_days' then value end) as integer) as guarantee_days,
        cast(max(case when setting = 'guarantee_notice_days' then value end) as integer) as notice_days
    from policy.task_setting
),

running as (
    select
        loan_state.client_id,
        loan_state.loan_id,
        loan_state.project_id,
        guarantee.guarantee_id,
        guarantee.guarantor_client_id,
        loan_state.due_in_full_on,
        setting.notice_days,
        cast(loan_state.due_in_full_on + setting.guarantee_days * interval '1' day as date) as ends_on
    from features.loan_state as loan_state
    cross join setting
    inner join source.guarantee as guarantee on loan_state.loan_id = guarantee.loan_id
    where
        loan_state.status <> 'closed'
        -- what is owed in a currency without a rate is owed all the same
        and coalesce(loan_state.outstanding_amt > 0, true)
        and loan_state.due_in_full_on is not null
),

listed as (
    select
        {{ candidate.deadline('guarantee_period', 'running', 'running.guarantee_id', 'ends_on') }},
        {{ words.figures({
            'loan': 'running.loan_id',
            'guarantee': 'running.guarantee_id',
            'from': 'running.due_in_full_on',
            'date': 'running.ends_on',
        }) }} as figures
    from running
    inner join policy.task_text as task_text on task_text.text = 'guarantee_period'
    where
        date_diff('day', $morning, running.ends_on) <= running.notice_days
        and date_diff('day', running.ends_on, $morning) <= running.notice_days
)

select * from listed
