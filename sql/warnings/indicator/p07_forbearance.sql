-- one row per client with an open loan: P07, concessions under observation; hard where one follows another in that
-- time, or the loan is late again
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'P07'
),

loan as (
    select * from features.loan_state
    where status <> 'closed'
),

-- the loan's own mark and the register of concessions together; a date in both is one concession
marked as (
    select
        loan_id,
        granted_on,
        probation_until
    from staging.forbearance
    union all
    select
        loan_id,
        forborne_on as granted_on,
        cast(null as date) as probation_until
    from loan
    where forborne_on is not null
),

granted as (
    select
        marked.loan_id,
        marked.granted_on,
        coalesce(max(marked.probation_until), marked.granted_on + rule.window_days) as observed_until
    from marked
    cross join rule
    group by marked.loan_id, marked.granted_on, rule.window_days
),

followed as (
    select
        *,
        max(observed_until) over (
            partition by loan_id
            order by granted_on asc
            rows between unbounded preceding and 1 preceding
        ) as earlier_until
    from granted
),

observed as (
    select
        loan_id,
        count(*) as concession_count,
        max(case when granted_on <= earlier_until then 1 else 0 end) as is_again,
        max(observed_until) as observed_until
    from followed
    where observed_until >= $business_date
    group by loan_id
),

measured as (
    select
        loan.client_id,
        loan.loan_id,
        loan.project_id,
        true as is_assessed,
        coalesce(greatest(observed.concession_count, 1 + observed.is_again), 0) as value,
        cast(null as decimal(18, 4)) as baseline,
        case
            when observed.loan_id is not null and loan.days_past_due > rule.second_red then loan.days_past_due
        end as second_value,
        $business_date as data_date,
        'loan:' || loan.loan_id as source_keys,
        observed.is_again = 1 as is_again,
        coalesce(observed.loan_id is not null and loan.days_past_due > rule.second_red, false) as is_late,
        observed.observed_until
    from loan
    cross join rule
    left join observed on loan.loan_id = observed.loan_id
),

{{ indicator.judge(
    hard='measured.is_again or measured.is_late',
    red_threshold='case when measured.is_late then rule.second_red else rule.red_value end',
    reason_case="case when measured.is_late then 'late' when measured.is_again then 'again' end",
    detail='measured.observed_until',
    many=true
) }}

select * from worst
