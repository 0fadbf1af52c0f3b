-- one row per client with a project that has permits or insurance: J15, days until the first of them runs out
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'J15'
),

project as (
    select * from features.project_state
),

permit as (
    select * from staging.permit_in_force
),

insurance as (
    select * from staging.insurance
),

supplied as (
    select * from night.supplied
),

unsupplied as (
    select count(*) as tables
    from supplied
    where table_name in ('permit', 'insurance') and not is_supplied
),

insurance_in_force as (
    select
        *,
        row_number() over (
            partition by project_id, case when is_kind_unknown then '' else coalesce(kind, insurance_id) end
            order by expires_on desc, insurance_id asc
        ) as place
    from insurance
),

item as (
    select
        project_id,
        'permit:' || permit_id as item_key,
        coalesce('permit_kind:' || kind || ' ', '') || permit_id as label,
        expires_on,
        coalesce(is_operating_critical, false)
        and renewal_filed_on is null
        and not coalesce(is_renewal_unknown, false) as is_hard_when_expired,
        renewal_filed_on is not null as is_filed,
        renewal_filed_on is null and coalesce(is_renewal_unknown, false) as is_filing_unknown
    from permit
    where is_issued
    union all
    select
        project_id,
        'insurance:' || insurance_id as item_key,
        coalesce('insurance_kind:' || kind || ' ', '') || insurance_id as label,
        expires_on,
        false as is_hard_when_expired,
        false as is_filed,
        false as is_filing_unknown
    from insurance_in_force
    where place = 1
),

-- where a table is not supplied, every project waits for it
measured as (
    select
        project.client_id,
        cast(null as varchar) as loan_id,
        project.project_id,
        item.item_key is not null
        and not (
            item.is_filing_unknown
            and coalesce(date_diff('day', $business_date, item.expires_on) between 0 and rule.amber_value, false)
        ) as is_assessed,
        date_diff('day', $business_date, item.expires_on) as value,
        cast(null as decimal(18, 4)) as baseline,
        abs(date_diff('day', $business_date, item.expires_on)) as second_value,
        $business_date as data_date,
        item.item_key as source_keys,
        item.expires_on < $business_date and item.is_hard_when_expired as is_critical,
        item.expires_on < $business_date as is_expired,
        -- a renewal that is filed for colours nothing until the permit ends
        item.expires_on < $business_date or not (item.is_filed or item.is_filing_unknown) as is_due,
        item.label
    from project
    cross join unsupplied
    cross join rule
    left join item on project.project_id = item.project_id
    where item.item_key is not null or unsupplied.tables > 0
),

{{ indicator.judge(
    hard='measured.is_critical',
    amber_if='measured.is_due',
    reason_case="case when measured.is_critical then 'expired_critical' when measured.is_expired then 'expired' end",
    guard_case="'renewal_filed'",
    event_key='measured.source_keys',
    detail='measured.label',
    many=true
) }}

select * from worst
