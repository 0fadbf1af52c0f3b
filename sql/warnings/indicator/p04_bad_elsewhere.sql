-- one row per client that the credit bureau knows: P04, how much of its debt is over 90 days past due at other banks
-- That is what the bureau tells less the whole balance of the bank's own loans that were so at the end of its month.
-- Where that balance is not known, or is more than the bureau tells of all, nobody can say how much lies with others.
{% import 'macros/indicator.sql' as indicator %}
{% import 'macros/month.sql' as months %}
with
rule as (
    select * from policy.indicator
    where indicator = 'P04'
),

report as (
    select
        *,
        row_number() over (partition by client_id order by month desc) as place
    from staging.bureau
),

newest as (
    select
        *,
        cast({{ months.first_day('report.month', 1) }} - interval '1' day as date) as ends_on
    from report
    where place = 1
),

-- the balance of tonight: while a loan is so late nothing is drawn of it. Of one that is no longer, or is written off,
-- the balance of that day is not known
own as (
    select
        newest.client_id,
        sum(loan.outstanding_amt) as overdue_90_amt,
        count(*) > count(
            case
                when episode.ended_on is null and loan.status = 'active' and loan.outstanding_amt is not null then 1
            end
        ) as is_unknown
    from newest
    inner join features.loan_overdue_episode as episode on newest.client_id = episode.client_id
    left join features.loan_state as loan on episode.loan_id = loan.loan_id
    where
        date_diff('day', episode.started_on, newest.ends_on) >= 90
        and coalesce(episode.ended_on > newest.ends_on, true)
    group by newest.client_id
),

elsewhere as (
    select
        newest.client_id,
        newest.month,
        newest.total_debt_amt,
        newest.ends_on,
        newest.overdue_90_amt as told_amt,
        case
            when newest.overdue_90_amt = 0 or own.client_id is null then newest.overdue_90_amt
            when newest.lenders = 1 then 0
            when not own.is_unknown and newest.overdue_90_amt >= own.overdue_90_amt
                then newest.overdue_90_amt - own.overdue_90_amt
        end as overdue_90_amt
    from newest
    left join own on newest.client_id = own.client_id
),

bureau_table as (
    select is_supplied
    from night.supplied
    where table_name = 'bureau'
),

-- whom the bureau knows is not known without it: then any borrower
subject as (
    select client_id from elsewhere
    union
    select loan.client_id
    from features.loan_state as loan
    cross join bureau_table
    where loan.status <> 'closed' and not bureau_table.is_supplied
),

-- a report ages from the end of its month
measured as (
    select
        subject.client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        date_diff('day', elsewhere.ends_on, $business_date) - 1 < rule.window_days
        and elsewhere.total_debt_amt is not null
        and elsewhere.overdue_90_amt is not null as is_assessed,
        case
            when elsewhere.overdue_90_amt = 0 then 0
            else cast(100 * elsewhere.overdue_90_amt / nullif(elsewhere.total_debt_amt, 0) as decimal(18, 4))
        end as value,
        elsewhere.total_debt_amt as baseline,
        elsewhere.overdue_90_amt as second_value,
        elsewhere.ends_on as data_date,
        'bureau:' || subject.client_id || '|' || cast(elsewhere.month as varchar) as source_keys,
        elsewhere.told_amt
    from subject
    cross join rule
    left join elsewhere on subject.client_id = elsewhere.client_id
),

{{ indicator.judge(
    amber_if='measured.is_assessed',
    hard='measured.is_assessed and measured.value > rule.red_value',
    unread_case="case
            when date_diff('day', measured.data_date, $business_date) - 1 >= rule.window_days then 'stale_report'
            when measured.told_amt is not null and measured.second_value is null then 'own_share'
        end"
) }}

select * from worst
