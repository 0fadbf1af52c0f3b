-- one row per client with secured loans: K01, what they owe in percent of what secures them, after liens before ours
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'K01'
),

pool as (
    select
        *,
        cast(100 * outstanding_amt / nullif(value_amt, 0) as decimal(18, 6)) as known_pct
    from features_collateral.pool
),

-- more of a value that is not known could only lower it, more of a balance only raise it
weighed as (
    select
        pool.*,
        pool.unknown_values = 0 or (pool.unknown_loans = 0 and pool.known_pct <= rule.amber_value) as is_value_enough
    from pool
    cross join rule
),

borrower as (
    select client_id from features_collateral.held
    where collateral_id is null
),

measured as (
    select
        client_id,
        loan_id,
        cast(null as varchar) as project_id,
        coalesce(unknown_loans = 0 and is_value_enough, false) as is_assessed,
        case when is_value_enough then known_pct end as value,
        value_amt as baseline,
        outstanding_amt as second_value,
        $business_date as data_date,
        'loan:' || loan_id as source_keys,
        unknown_values = 0 and value_amt = 0 and outstanding_amt > 0 as is_unsecured,
        loans
    from weighed
    union all
    select
        client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        false as is_assessed,
        cast(null as decimal(18, 6)) as value,
        cast(null as decimal(18, 2)) as baseline,
        cast(null as decimal(18, 2)) as second_value,
        cast(null as date) as data_date,
        cast(null as varchar) as source_keys,
        false as is_unsecured,
        cast(null as bigint) as loans
    from borrower
),

{{ indicator.judge(
    red_too='measured.is_unsecured',
    reason_case="case when measured.is_unsecured then 'nothing_left' end",
    detail='measured.loans',
    many=true
) }}

select * from worst
