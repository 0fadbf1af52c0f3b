-- one row per client and collateral of an open loan whose insurance has ended or ends within the notice
{% import 'macros/candidate.sql' as candidate %}
{% import 'macros/words.sql' as words %}
with
setting as (
    select cast(max(case when setting = 'insurance_notice_days' then value end) as integer) as notice_days
    from policy.task_setting
),

secured as (
    select
        loan_state.client_id,
        link.collateral_id,
        min(link.loan_id) as loan_id
    from source.collateral_loan as link
    inner join features.loan_state as loan_state on link.loan_id = loan_state.loan_id
    -- what is owed in a currency without a rate is owed all the same
    where loan_state.status <> 'closed' and coalesce(loan_state.outstanding_amt > 0, true)
    group by loan_state.client_id, link.collateral_id
),

ending as (
    select
        secured.client_id,
        secured.loan_id,
        collateral.collateral_id,
        collateral.insured_until,
        setting.notice_days,
        case
            when collateral.insured_until < $morning then 'collateral_uninsured'
            else 'collateral_insurance'
        end as text
    from secured
    cross join setting
    inner join source.collateral as collateral on secured.collateral_id = collateral.collateral_id
    where date_diff('day', $morning, collateral.insured_until) <= setting.notice_days
),

listed as (
    select
        ending.client_id,
        'collateral_insurance' as kind,
        ending.collateral_id || '/' || cast(ending.insured_until as varchar) as subject,
        cast(ending.insured_until - ending.notice_days * interval '1' day as date) as started_on,
        ending.insured_until as due_on,
        ending.text = 'collateral_insurance' as is_deadline,
        ending.loan_id,
        {{ candidate.lacking('due_on', 'is_deadline', 'loan_id', 'figures') }},
        task_text.reason_zh,
        task_text.reason_en,
        task_text.next_step_zh,
        task_text.next_step_en,
        {{ words.figures({
            'collateral': 'ending.collateral_id',
            'loan': 'ending.loan_id',
            'date': 'ending.insured_until',
        }) }} as figures
    from ending
    inner join policy.task_text as task_text on ending.text = task_text.text
)

select * from listed
