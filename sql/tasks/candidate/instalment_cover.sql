-- one row per client and repayment account that does not hold what falls due in the next days
{% import 'macros/wording.sql' as wording %}
with
setting as (
    select cast(max(case when setting = 'instalment_notice_days' then value end) as integer) as notice_days
    from policy.task_setting
),

falling_due as (
    select
        loan_state.client_id,
        loan_state.repay_account_id,
        loan_state.loan_id,
        loan_state.project_id,
        instalment.effective_due_date,
        instalment.unpaid_amt,
        min(instalment.effective_due_date) over (
            partition by loan_state.client_id, loan_state.repay_account_id
        ) as first_due_date,
        setting.notice_days
    from staging.instalment as instalment
    inner join features.loan_state as loan_state on instalment.loan_id = loan_state.loan_id
    cross join setting
    where
        loan_state.status = 'active'
        and loan_state.repay_account_id is not null
        -- a due date rolls over a holiday by less than a fortnight: the years before and after are not looked at
        and instalment.due_date >= $morning - 14
        and date_diff('day', $morning, instalment.due_date) <= setting.notice_days
        and instalment.unpaid_amt > 0
        and instalment.effective_due_date >= $morning
        and date_diff('day', $morning, instalment.effective_due_date) <= setting.notice_days
),

owed as (
    select
        client_id,
        repay_account_id,
        first_due_date,
        notice_days,
        min(case when effective_due_date = first_due_date then loan_id end) as loan_id,
        max(effective_due_date) as last_due_date,
        sum(unpaid_amt) as due_amt
    from falling_due
    group by client_id, repay_account_id, first_due_date, notice_days
),

-- an account whose balance is unknown is not assessed
held as (
    select
        owed.*,
        account_balance.balance_base_amt
    from owed
    inner join features.account_balance as account_balance on owed.repay_account_id = account_balance.account_id
    where account_balance.balance_base_amt < owed.due_amt
),

due as (
    select
        held.*,
        loan_state.project_id,
        coalesce(last_workday.day, held.first_due_date) as due_on
    from held
    inner join features.loan_state as loan_state on held.loan_id = loan_state.loan_id
    left join night.calendar as due_day on held.first_due_date = due_day.day
    left join night.calendar as last_workday
        on last_workday.is_workday and due_day.workday_index = last_workday.workday_index
),

listed as (
    select
        due.client_id,
        'instalment_cover' as kind,
        due.loan_id as subject,
        cast(due.first_due_date - due.notice_days * interval '1' day as date) as started_on,
        due.due_on,
        due.loan_id,
        due.project_id,
        {{ wording.fill('task_text.reason_zh', {
            'date': 'cast(due.last_due_date as varchar)', 'due': wording.money('due.due_amt', 'zh'),
            'balance': wording.money('due.balance_base_amt', 'zh'), 'gap': wording.money('due.due_amt - due.balance_base_amt', 'zh'),
        }) }} as reason_zh,
        {{ wording.fill('task_text.reason_en', {
            'date': 'cast(due.last_due_date as varchar)', 'due': wording.money('due.due_amt', 'en'),
            'balance': wording.money('due.balance_base_amt', 'en'), 'gap': wording.money('due.due_amt - due.balance_base_amt', 'en'),
        }) }} as reason_en,
        task_text.next_step_zh,
        task_text.next_step_en
    from due
    inner join policy.task_text as task_text on task_text.text = 'instalment_cover'
)

select * from listed
