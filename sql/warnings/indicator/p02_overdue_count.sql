-- one row per client with an open loan: P02, how often in 365 days it was past due (late at the same time is once)
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'P02'
),

loan as (
    select * from features.loan_state
    where status <> 'closed'
),

-- the runs of which a day lies in the window
episode as (
    select run.*
    from features.loan_overdue_episode as run
    cross join rule
    where run.ended_on is null or date_diff('day', run.ended_on, $business_date) < rule.window_days - 1
),

supplied as (
    select * from night.supplied
),

history as (
    select min(paid_on) as first_paid_on
    from source.payment
),

-- what was due before the payments begin, and is paid on a day that nobody says, was late or not; that is of no account
-- where they begin before the window does
undated as (
    select distinct due.loan_id
    from features_loan.due as due
    cross join history
    cross join rule
    where
        due.effective_due_date < $business_date
        and due.due_amt > 0
        and due.unpaid_amt = 0
        and due.last_paid_on is null
        and coalesce(date_diff('day', history.first_paid_on, $business_date) < rule.window_days - 1, true)
),

borrower as (
    select
        loan.client_id,
        min(
            case
                when
                    loan.is_assessed
                    and loan.days_past_due is not null
                    and not coalesce(loan.has_unconfirmed, false)
                    and undated.loan_id is null
                    then 1
                else 0
            end
        ) as all_assessed
    from loan
    left join undated on loan.loan_id = undated.loan_id
    group by loan.client_id
),

-- ended_on is the first good day, so that a run which starts on it is a new one
in_order as (
    select
        client_id,
        loan_id,
        started_on,
        max_days,
        coalesce(ended_on - 1, $business_date) as last_day,
        max(coalesce(ended_on, $morning)) over (
            partition by client_id
            order by started_on asc, loan_id asc
            rows between unbounded preceding and 1 preceding
        ) as earlier_end
    from episode
),

counted as (
    select
        client_id,
        sum(case when earlier_end is null or started_on >= earlier_end then 1 else 0 end) as episodes,
        max(max_days) as max_days,
        max(last_day) as last_day
    from in_order
    group by client_id
),

longest_first as (
    select
        client_id,
        loan_id,
        row_number() over (partition by client_id order by max_days desc, started_on desc, loan_id asc) as place
    from episode
),

keys as (
    select
        client_id,
        string_agg(distinct 'loan:' || loan_id, ';' order by 'loan:' || loan_id) as source_keys
    from longest_first
    where place <= 5
    group by client_id
),

payments as (
    select is_supplied
    from supplied
    where table_name = 'payment'
),

-- without payments only what nights have seen is known: enough to fire, not enough to clear
measured as (
    select
        borrower.client_id,
        longest_first.loan_id,
        cast(null as varchar) as project_id,
        borrower.all_assessed = 1 and payments.is_supplied as is_assessed,
        coalesce(counted.episodes, 0) as value,
        cast(null as decimal(18, 4)) as baseline,
        counted.max_days as second_value,
        counted.last_day,
        $business_date as data_date,
        keys.source_keys
    from borrower
    cross join payments
    left join counted on borrower.client_id = counted.client_id
    left join longest_first on borrower.client_id = longest_first.client_id and longest_first.place = 1
    left join keys on borrower.client_id = keys.client_id
),

{{ indicator.judge(event_on='measured.last_day') }}

select * from worst
