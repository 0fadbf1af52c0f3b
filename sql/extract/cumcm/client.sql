-- one row per firm, known from the day of its first invoice; grade and default are outcomes and are never read
with raw_firm as (
    select * from firm
),

raw_invoice as (
    select * from invoice_in
),

-- months and days are written with one digit or two
split as (
    select
        "企业代号" as client_id,
        substr("开票日期", 1, 4) as year,
        case when substr("开票日期", 7, 1) = '-' then '0' || substr("开票日期", 6, 1) else substr("开票日期", 6, 2) end as month,
        case when substr("开票日期", 7, 1) = '-' then substr("开票日期", 8) else substr("开票日期", 9) end as day
    from raw_invoice
),

opening as (
    select
        client_id,
        min(year || '-' || month || '-' || case when length(day) = 1 then '0' || day else day end) as onboard_date
    from split
    group by client_id
),

mapped as (
    select
        raw_firm."企业代号" as client_id,
        raw_firm."企业名称" as name,
        'false' as is_natural_person,
        'SME' as branch_id,
        opening.onboard_date,
        opening.onboard_date || ' 23:59:59' as known_at
    from raw_firm
    inner join opening on raw_firm."企业代号" = opening.client_id
)

select * from mapped
