-- one row per running loan that matures within the longest notice
{% import 'macros/candidate.sql' as candidate %}
{% import 'macros/words.sql' as words %}
with
notice as (
    select max(notice_days) as first_notice
    from policy.maturity_notice
),

maturing as (
    select
        loan_state.client_id,
        loan_state.loan_id,
        loan_state.project_id,
        loan_state.outstanding_amt,
        loan_state.start_date,
        loan_state.maturity_date,
        date_diff('day', $morning, loan_state.maturity_date) as days_left,
        notice.first_notice
    from features.loan_state as loan_state
    cross join notice
    where
        loan_state.status = 'active'
        -- what is owed in a currency without a rate is owed all the same
        and coalesce(loan_state.outstanding_amt > 0 or loan_state.is_revolving, true)
        and loan_state.maturity_date >= $morning
        and date_diff('day', $morning, loan_state.maturity_date) <= notice.first_notice
),

last_list as (
    select date_diff('day', max(day), $morning) as days_ago
    from night.calendar
    where is_workday and day < $morning
),

-- each shorter notice makes the task more urgent on the first working morning from when it is reached
reached as (
    select distinct maturing.loan_id
    from maturing
    cross join last_list
    inner join policy.maturity_notice as maturity_notice
        on
            maturing.first_notice > maturity_notice.notice_days
            and maturing.days_left <= maturity_notice.notice_days
            and maturing.days_left + last_list.days_ago > maturity_notice.notice_days
),

-- to be settled before the date: by the last working day ahead of it
due as (
    select
        maturing.*,
        reached.loan_id is not null as is_next_notice,
        last_workday.day as due_on
    from maturing
    left join reached on maturing.loan_id = reached.loan_id
    left join night.calendar as eve on cast(maturing.maturity_date - interval '1' day as date) = eve.day
    left join night.calendar as last_workday
        on last_workday.is_workday and eve.workday_index = last_workday.workday_index
),

listed as (
    select
        due.client_id,
        'maturity' as kind,
        due.loan_id as subject,
        greatest(due.start_date, cast(due.maturity_date - due.first_notice * interval '1' day as date)) as started_on,
        coalesce(due.due_on, due.maturity_date) as due_on,
        true as is_deadline,
        case when due.is_next_notice then 'worse' end as change,
        due.loan_id,
        due.project_id,
        {{ candidate.lacking('due_on', 'change', 'loan_id', 'project_id', 'figures', 'is_deadline') }},
        task_text.reason_zh,
        task_text.reason_en,
        task_text.next_step_zh,
        task_text.next_step_en,
        {{ words.figures({
            'loan': 'due.loan_id',
            'amount': 'due.outstanding_amt',
            'date': 'due.maturity_date',
            'days': 'due.days_left',
        }) }} as figures
    from due
    inner join policy.task_text as task_text
        on task_text.text = case when due.outstanding_amt = 0 then 'maturity_undrawn' else 'maturity' end
)

select * from listed
