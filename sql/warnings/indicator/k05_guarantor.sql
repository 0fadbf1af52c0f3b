-- one row per client whose loans are guaranteed: K05, days past due of its worst guarantor, which may be red itself
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'K05'
),

guarantee_table as (
    select count(*) > 0 as is_supplied
    from night.supplied
    where table_name = 'guarantee' and is_supplied
),

loan as (
    select
        loan_id,
        client_id,
        days_past_due,
        is_assessed
    from features.loan_state
    where status <> 'closed'
),

-- who guarantees for itself says nothing of anybody else
guarantor as (
    select distinct
        loan.client_id,
        guarantee.guarantor_client_id as guarantor_id
    from source.guarantee as guarantee
    inner join loan on guarantee.loan_id = loan.loan_id
    where guarantee.guarantor_client_id <> loan.client_id and coalesce(guarantee.amount > 0, true)
),

arrears as (
    select
        client_id,
        max(days_past_due) as days_past_due,
        count(case when days_past_due is null then 1 end) as unknown_count
    from loan
    group by client_id
),

client as (
    select
        client_id,
        branch_id
    from staging.client
),

-- a guarantor that the bank does not know as a client tonight is unknown, and so is one of which something is unseen
known as (
    select
        guarantor.client_id,
        guarantor.guarantor_id,
        -- a branch is not told the name of another one's client
        case
            when coalesce(own.branch_id, '') = coalesce(other.branch_id, '') then guarantor.guarantor_id
            else 'elsewhere'
        end as told_id,
        coalesce(base.colour, 'not_assessed') as colour,
        -- what is overdue for certain is said, also where more may be
        case
            when coalesce(arrears.unknown_count, 0) = 0 or arrears.days_past_due > 0
                then coalesce(arrears.days_past_due, 0)
        end as days_past_due,
        coalesce(base.colour <> 'not_assessed' and not base.is_unseen, false)
        and coalesce(arrears.unknown_count, 0) = 0 as is_known
    from guarantor
    left join warnings_verdict.base_colour as base on guarantor.guarantor_id = base.client_id
    left join arrears on guarantor.guarantor_id = arrears.client_id
    left join client as own on guarantor.client_id = own.client_id
    left join client as other on guarantor.guarantor_id = other.client_id
),

subject as (
    select client_id from guarantor
    union
    select loan.client_id
    from loan
    cross join guarantee_table
    where not guarantee_table.is_supplied
),

measured as (
    select
        subject.client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        coalesce(known.is_known, false) as is_assessed,
        known.days_past_due as value,
        cast(null as decimal(18, 4)) as baseline,
        cast(null as decimal(18, 4)) as second_value,
        $business_date as data_date,
        'client:' || known.guarantor_id as source_keys,
        known.told_id,
        known.colour = 'red' as is_guarantor_red,
        known.colour = 'orange' as is_guarantor_orange,
        case when known.colour = 'red' then 'client:' || known.guarantor_id end as event_key
    from subject
    left join known on subject.client_id = known.client_id
),

{{ indicator.judge(
    amber_too='measured.is_guarantor_orange',
    amber_threshold='case when measured.value >= rule.amber_value then rule.amber_value end',
    red_too='measured.is_guarantor_red',
    red_threshold='case when measured.value > rule.red_value then rule.red_value end',
    reason_case="case
        when measured.is_guarantor_red and measured.value is null then 'red_unknown'
        when measured.is_guarantor_red and measured.value = 0 then 'red_current'
        when measured.is_guarantor_red then 'red'
        when measured.is_guarantor_orange and measured.value is null then 'orange_unknown'
        when measured.is_guarantor_orange and measured.value = 0 then 'orange_current'
        when measured.is_guarantor_orange then 'orange'
    end",
    event_key='measured.event_key',
    detail='measured.told_id',
    many=true
) }}

select * from worst
