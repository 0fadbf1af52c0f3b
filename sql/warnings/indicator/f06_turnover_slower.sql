-- one row per company with accounts published or owed, no project company under construction: F06, by how much
-- receivables or stock turn over more slowly than a year ago, the worse of the two
{% import 'macros/indicator.sql' as indicator %}
{% import 'macros/statement.sql' as statements %}
with
rule as (
    select * from policy.indicator
    where indicator = 'F06'
),

{{ statements.least_amount('F06') }}

position as (
    select * from features_statement.position
    where not is_building
),

figured as (
    select
        position.*,
        position.is_current and position.is_kind_known and position.is_stage_known as is_known,
        amount.least_amt,
        case
            when position.receivables = 0 or position.year_ago_receivables < amount.least_amt then 0
            else
                100 - cast(
                    100 * (position.revenue_12m * position.year_ago_receivables)
                    / nullif(position.receivables * position.year_ago_revenue_12m, 0) as decimal(18, 6)
                )
        end as receivable_fall,
        case
            when position.inventory = 0 or position.year_ago_inventory < amount.least_amt then 0
            else
                100 - cast(
                    100 * (position.cost_of_sales_12m * position.year_ago_inventory)
                    / nullif(position.inventory * position.year_ago_cost_of_sales_12m, 0) as decimal(18, 6)
                )
        end as stock_fall
    from position
    cross join amount
),

measured as (
    select
        client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        is_known and receivable_fall is not null and stock_fall is not null as is_assessed,
        case
            when is_known and receivable_fall is not null and stock_fall is not null
                then greatest(receivable_fall, stock_fall)
        end as value,
        receivable_fall as baseline,
        stock_fall as second_value,
        period_end as data_date,
        year_ago_keys as source_keys,
        {{ statements.unread() }}
    from figured
    where coalesce(year_ago_receivables >= least_amt or year_ago_inventory >= least_amt, true)
),

{{ indicator.judge(unread_case='measured.unread_as') }}

select * from worst
