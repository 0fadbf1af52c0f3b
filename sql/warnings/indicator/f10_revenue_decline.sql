-- one row per company with accounts published or owed, no project company under construction: F10, by how much
-- revenue lies below the same months of the year before; where no revenue is supplied, the cost of sales
{% import 'macros/indicator.sql' as indicator %}
{% import 'macros/statement.sql' as statements %}
with
rule as (
    select * from policy.indicator
    where indicator = 'F10'
),

{{ statements.least_amount('F10') }}

revenue_column as (
    select count(*) as is_supplied
    from night.supplied_column
    where table_name = 'statement' and column_name = 'revenue'
),

position as (
    select * from features_statement.position
    where not is_building
),

-- of twelve months where two years are known, else of the year to date
compared as (
    select
        position.*,
        revenue_column.is_supplied = 0 as is_by_cost,
        case
            when revenue_column.is_supplied = 0 then cost_of_sales_12m else revenue_12m
        end as year_amt,
        case
            when revenue_column.is_supplied = 0 then year_ago_cost_of_sales_12m else year_ago_revenue_12m
        end as year_ago_amt,
        case when revenue_column.is_supplied = 0 then cost_of_sales_ytd else revenue_ytd end as ytd_amt,
        case
            when revenue_column.is_supplied = 0 then year_ago_cost_of_sales_ytd else year_ago_revenue_ytd
        end as year_ago_ytd_amt
    from position
    cross join revenue_column
),

chosen as (
    select
        *,
        case when year_amt is not null and year_ago_amt is not null then year_amt else ytd_amt end as now_amt,
        case when year_amt is not null and year_ago_amt is not null then year_ago_amt else year_ago_ytd_amt end
            as before_amt
    from compared
),

-- of something small there is no ratio
sized as (
    select
        chosen.*,
        is_current and is_kind_known and is_stage_known as is_known,
        coalesce(before_amt < amount.least_amt, false) as is_small
    from chosen
    cross join amount
),

measured as (
    select
        client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        is_known and before_amt is not null and now_amt is not null as is_assessed,
        case
            when is_known and not is_small then 100 - cast(100 * now_amt / nullif(before_amt, 0) as decimal(18, 6))
        end as value,
        before_amt as baseline,
        now_amt as second_value,
        period_end as data_date,
        year_ago_keys as source_keys,
        is_by_cost,
        {{ statements.unread() }}
    from sized
),

-- what is bought says less than what is sold: amber at most
{{ indicator.judge(
    red_if='not measured.is_by_cost',
    reason_case="case when measured.is_by_cost then 'by_cost' end",
    unread_case='measured.unread_as'
) }}

select * from worst
