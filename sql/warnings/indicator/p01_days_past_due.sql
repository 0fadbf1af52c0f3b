-- one row per client with an open loan: P01, the most days past due of its loans, and the least colour they set; it
-- tells of all its overdue loans together
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'P01'
),

loan as (
    select * from features.loan_state
    where status <> 'closed'
),

band as (
    select * from policy.arrears_colour
    where indicator = 'P01'
),

-- the highest band that the days reach
reached as (
    select
        loan.loan_id,
        max(band.from_value) as from_value
    from loan
    inner join band on loan.days_past_due >= band.from_value
    group by loan.loan_id
),

overdue as (
    select
        client_id,
        count(*) as loan_count,
        sum(overdue_amt) as overdue_amt,
        min(oldest_unpaid_due_date) as oldest_due_date,
        count(*) = count(case when status = 'written_off' then 1 end) as is_written_off
    from loan
    where days_past_due > 0
    group by client_id
),

measured as (
    select
        loan.client_id,
        loan.loan_id,
        loan.project_id,
        loan.is_assessed and loan.days_past_due is not null as is_assessed,
        loan.days_past_due as value,
        overdue.loan_count as baseline,
        overdue.overdue_amt as second_value,
        $business_date as data_date,
        case
            when loan.oldest_unpaid_due_date is null or loan.oldest_unpaid_due_date = loan.due_in_full_on
                then 'loan:' || loan.loan_id
            else
                'instalment:' || loan.loan_id || '|' || cast(loan.oldest_unpaid_due_date as varchar)
                || coalesce('|' || loan.oldest_unpaid_kind, '')
        end as source_keys,
        band.min_colour,
        -- what is booked as a loss already needs no grade: of one loan that is not, the usual steps are asked
        case when overdue.is_written_off then 'written_off' else band.band end as band,
        loan.oldest_unpaid_due_date,
        overdue.oldest_due_date,
        case
            when loan.status = 'written_off'
                -- of a loan without a balance only what is not written off is told as overdue; of a balance that is not
                -- known nothing is told
                then case when loan.outstanding_amt = 0 then 'written_off' else 'written_off_owed' end
            when loan.oldest_unpaid_due_date = loan.accelerated_on then 'called'
            when loan.oldest_unpaid_due_date = loan.due_in_full_on then 'matured'
            when loan.days_past_due > 0 and loan.due_in_full_on < $business_date
                then case when loan.due_in_full_on = loan.accelerated_on then 'called_later' else 'matured_later' end
        end as due_as,
        loan.due_in_full_on
    from loan
    left join reached on loan.loan_id = reached.loan_id
    left join band on reached.from_value = band.from_value
    left join overdue on loan.client_id = overdue.client_id
),

{{ indicator.judge(
    hard='measured.value > rule.hard_value',
    min_colour='coalesce(measured.min_colour, rule.min_colour)',
    red_threshold='case when measured.value > rule.hard_value then rule.hard_value else rule.red_value end',
    reason_case='measured.due_as',
    detail="case
            when measured.due_as is null or measured.due_as in ('written_off', 'written_off_owed')
                then measured.oldest_due_date
            else measured.due_in_full_on
        end",
    band='measured.band',
    many=true
) }}

select * from worst
