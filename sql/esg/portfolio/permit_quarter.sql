-- one row per quarter of the next eight, one of what has run out, and one of what ends nobody says when
with
permit as (
    select * from esg_portfolio.permit_due
),

supplied as (
    select count(*) > 0 as has_permits
    from night.supplied
    where table_name = 'permit' and is_supplied
),

ahead as (
    {% for step in range(8) %}
    select 4 * year($business_date) + quarter($business_date) + {{ step }} as quarter_no
    union all
    {% endfor %}
    select 0 as quarter_no
),

bucket as (
    select
        quarter_no,
        case
            when quarter_no = 0 then 'expired'
            else
                cast(cast(floor(cast((quarter_no - 1) / 4 as decimal(18, 6))) as integer) as varchar)
                || 'Q'
                || cast((quarter_no - 1) % 4 + 1 as varchar)
        end as bucket
    from ahead
    union all
    select
        99999 as quarter_no,
        'no_end' as bucket
),

counted as (
    select
        quarter_no,
        count(*) as permit_count,
        count(distinct project_id) as project_count,
        sum(case when is_critical then 1 else 0 end) as critical_count,
        sum(case when renewal_filed_on is not null then 1 else 0 end) as filed_count,
        sum(case when renewal_filed_on is null and is_renewal_unknown then 1 else 0 end) as unknown_count
    from permit
    group by quarter_no
),

told as (
    select
        bucket.quarter_no,
        bucket.bucket,
        case when supplied.has_permits then coalesce(counted.permit_count, 0) end as permit_count,
        case when supplied.has_permits then coalesce(counted.project_count, 0) end as project_count,
        case when supplied.has_permits then coalesce(counted.critical_count, 0) end as critical_count,
        case when supplied.has_permits then coalesce(counted.filed_count, 0) end as filed_count,
        case when supplied.has_permits then coalesce(counted.unknown_count, 0) end as unknown_count
    from bucket
    cross join supplied
    left join counted on bucket.quarter_no = counted.quarter_no
)

select * from told
