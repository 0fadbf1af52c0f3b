-- one row per client with an off-balance item: P05, what the bank has paid for it and not been repaid
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'P05'
),

item_table as (
    select is_supplied
    from night.supplied
    where table_name = 'offbalance'
),

item as (
    select
        *,
        coalesce(advanced_on <= $business_date and coalesce(advanced_amt > 0, true), false) as is_advanced
    from source.offbalance
),

-- who has a bill or a guarantee is not known without the table: then any borrower
subject as (
    select client_id from item
    union
    select loan.client_id
    from features.loan_state as loan
    cross join item_table
    where loan.status <> 'closed' and not item_table.is_supplied
),

summed as (
    select
        client_id,
        sum(case when is_advanced then 1 else 0 end) as advanced_count,
        sum(case when is_advanced then advanced_amt end) as advanced_amt,
        min(case when is_advanced then advanced_on end) as advanced_on,
        min(case when is_advanced then offbalance_id end) as offbalance_id
    from item
    group by client_id
),

measured as (
    select
        subject.client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        summed.client_id is not null as is_assessed,
        case
            when summed.advanced_count > 0 then summed.advanced_amt
            when summed.advanced_count = 0 then 0
        end as value,
        cast(null as decimal(18, 4)) as baseline,
        summed.advanced_count as second_value,
        $business_date as data_date,
        'offbalance:' || summed.offbalance_id as source_keys,
        summed.advanced_on
    from subject
    left join summed on subject.client_id = summed.client_id
),

{{ indicator.judge(
    hard='measured.second_value > 0',
    red_threshold='rule.amber_value',
    detail='measured.advanced_on'
) }}

select * from worst
