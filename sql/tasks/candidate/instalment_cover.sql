-- one row per client and repayment account that does not hold what falls due in the next days
{% import 'macros/candidate.sql' as candidate %}
{% import 'macros/words.sql' as words %}
with
setting as (
    select
        cast(max(case when setting = 'instalment_notice_days' then value end) as integer) as notice_days,
        max(case when setting = 'cover_gap_amt' then value end) as gap_amt,
        max(case when setting = 'cover_gap_pct' then value end) as gap_pct
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
        and not coalesce(instalment.is_unconfirmed, false)
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

-- an account whose balance is unknown, or adds up from an opening balance that is, is not assessed
short as (
    select
        owed.*,
        account_balance.balance_base_amt
    from owed
    inner join features.account_balance as account_balance on owed.repay_account_id = account_balance.account_id
    inner join features_balance.known_account as known_account on owed.repay_account_id = known_account.account_id
    where known_account.known_from is not null and account_balance.balance_base_amt < owed.due_amt
),

-- the client's own money here, at its disposal and known
deposit as (
    select
        account_balance.account_id,
        account_balance.client_id,
        account_balance.balance_base_amt
    from features.account_balance as account_balance
    inner join features_balance.known_account as known_account
        on account_balance.account_id = known_account.account_id
    where
        account_balance.is_deposit
        and account_balance.is_open
        and account_balance.balance_base_amt > 0
        and known_account.known_from is not null
),

free as (
    select
        deposit.client_id,
        sum(deposit.balance_base_amt) as free_amt
    from deposit
    left join owed on deposit.account_id = owed.repay_account_id
    where owed.repay_account_id is null
    group by deposit.client_id
),

-- free deposits are counted once against all that is short of a client
lacking as (
    select
        short.*,
        coalesce(free.free_amt, 0) as free_amt,
        greatest(
            sum(short.due_amt - short.balance_base_amt) over (partition by short.client_id)
            - coalesce(free.free_amt, 0),
            0
        ) as lacking_amt
    from short
    left join free on short.client_id = free.client_id
),

due as (
    select
        lacking.*,
        loan_state.project_id,
        coalesce(last_workday.day, lacking.first_due_date) as due_on,
        coalesce(
            lacking.lacking_amt >= setting.gap_amt
            or (lacking.lacking_amt > 0 and lacking.lacking_amt >= exposure.exposure_amt * setting.gap_pct * 0.01),
            false
        ) as is_large
    from lacking
    cross join setting
    inner join features.loan_state as loan_state on lacking.loan_id = loan_state.loan_id
    left join features.client_exposure as exposure on lacking.client_id = exposure.client_id
    left join night.calendar as due_day on lacking.first_due_date = due_day.day
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
        due.is_large as is_deadline,
        due.loan_id,
        due.project_id,
        {{ candidate.lacking('due_on', 'loan_id', 'project_id', 'figures', 'is_deadline') }},
        task_text.reason_zh,
        task_text.reason_en,
        task_text.next_step_zh,
        task_text.next_step_en,
        {{ words.figures({
            'date': 'due.last_due_date',
            'due': 'due.due_amt',
            'balance': 'due.balance_base_amt',
            'gap': 'due.due_amt - due.balance_base_amt',
            'free': 'due.free_amt',
            'lacking': 'due.lacking_amt',
        }) }} as figures
    from due
    inner join policy.task_text as task_text
        on task_text.text = case when due.is_large then 'instalment_cover' else 'instalment_cover_small' end
)

select * from listed
