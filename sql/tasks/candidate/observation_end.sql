-- one row per restructured loan whose observation ends within the notice: what was paid has to be looked at before
{% import 'macros/candidate.sql' as candidate %}
{% import 'macros/words.sql' as words %}
with
setting as (
    select cast(max(case when setting = 'observation_notice_days' then value end) as integer) as notice_days
    from policy.task_setting
),

-- a concession that came later goes on observing
newest as (
    select
        loan_id,
        max(probation_until) as probation_until
    from staging.forbearance
    group by loan_id
),

ending as (
    select
        loan_state.client_id,
        loan_state.loan_id,
        loan_state.project_id,
        loan_state.asset_class,
        coalesce(loan_state.days_past_due, 0) as days_past_due,
        newest.probation_until,
        setting.notice_days,
        case
            when loan_state.days_past_due is null then 'observation_end_unknown'
            when loan_state.days_past_due > 0 then 'observation_end_overdue'
            else 'observation_end'
        end as text
    from newest
    cross join setting
    inner join features.loan_state as loan_state on newest.loan_id = loan_state.loan_id
    where
        loan_state.status <> 'closed'
        -- what is owed in a currency without a rate is owed all the same
        and coalesce(loan_state.outstanding_amt > 0, true)
        and newest.probation_until >= $morning
        and date_diff('day', $morning, newest.probation_until) <= setting.notice_days
),

listed as (
    select
        {{ candidate.deadline(
            'observation_end', 'ending', "ending.loan_id || '/' || cast(ending.probation_until as varchar)", 'probation_until'
        ) }},
        {{ words.figures({
            'loan': 'ending.loan_id',
            'date': 'ending.probation_until',
            'days': 'ending.days_past_due',
        }) }} as figures
    from ending
    inner join policy.task_text as task_text on ending.text = task_text.text
)

select * from listed
