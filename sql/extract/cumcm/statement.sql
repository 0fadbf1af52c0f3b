-- one row per firm and whole quarter since its first one: what it bought, net of tax, published a month after it ended
-- Void invoices count for nothing, red ones take away. A quarter without any is one of nothing bought. The quarter in
-- which the data end is not whole, nor the one in which a firm begins.
with raw_invoice as (
    select * from invoice_in
),

invoice as (
    select
        "企业代号" as client_id,
        4 * cast(substr("开票日期", 1, 4) as integer)
        + (
            cast(
                case when substr("开票日期", 7, 1) = '-' then substr("开票日期", 6, 1) else substr("开票日期", 6, 2) end as integer
            ) + 2
        ) / 3 as quarter_no,
        cast(round(cast("金额" as decimal(18, 2)) * 100) as bigint) as net_fen,
        trim("发票状态") as state
    from raw_invoice
),

firm as (
    select
        client_id,
        min(quarter_no) as first_no
    from invoice
    group by client_id
),

ended as (
    select max(quarter_no) as last_no
    from invoice
),

quarter as (
    select distinct invoice.quarter_no
    from invoice
    cross join ended
    where invoice.quarter_no < ended.last_no
),

bought as (
    select
        client_id,
        quarter_no,
        cast(sum(net_fen) as bigint) as net_fen
    from invoice
    where state = '有效发票'
    group by client_id, quarter_no
),

period as (
    select
        firm.client_id,
        (quarter.quarter_no - 1) / 4 as year,
        (quarter.quarter_no - 1) % 4 + 1 as of_year,
        coalesce(bought.net_fen, 0) as net_fen
    from firm
    inner join quarter on firm.first_no < quarter.quarter_no
    left join bought on firm.client_id = bought.client_id and quarter.quarter_no = bought.quarter_no
),

dated as (
    select
        client_id,
        net_fen,
        cast(year as text)
        || case of_year when 1 then '-03-31' when 2 then '-06-30' when 3 then '-09-30' else '-12-31' end as period_end,
        cast(case of_year when 4 then year + 1 else year end as text)
        || case of_year when 1 then '-04-30' when 2 then '-07-31' when 3 then '-10-31' else '-01-31' end as published_on
    from period
),

mapped as (
    select
        client_id,
        period_end,
        published_on,
        'false' as is_ytd,
        case when net_fen < 0 then '-' else '' end
        || cast(abs(net_fen) / 100 as text)
        || '.'
        || substr(cast(100 + abs(net_fen) % 100 as text), 2, 2) as cost_of_sales,
        published_on || ' 23:59:59' as known_at
    from dated
)

select * from mapped
