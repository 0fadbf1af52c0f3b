-- one row per client and year of its accounts: equity and debt, enterprise value and total assets at their last end,
-- and the revenue of the calendar year where they are of the whole of it
{% import 'macros/money.sql' as money %}
with
statement as (
    select
        client_id,
        year(period_end) as year,
        period_end,
        total_debt,
        total_assets,
        -- what is lost beyond the equity is the lenders' share
        {{ money.no_less_than_nought('equity') }} as equity,
        case when market_value > 0 then market_value end as market_value,
        case when is_ytd and month(period_end) = 12 and revenue > 0 then revenue end as revenue,
        row_number() over (
            partition by client_id, year(period_end)
            order by period_end desc, case when scope = 'group' then 1 else 0 end asc
        ) as place
    from staging.statement
    where period_end <= $business_date
),

valued as (
    select
        client_id,
        year,
        period_end as basis_on,
        case
            when market_value is not null and total_debt is not null then market_value + total_debt
            when equity is not null and total_debt is not null then equity + total_debt
            else total_assets
        end as denominator_amt,
        case
            when market_value is not null and total_debt is not null then 'evic'
            when equity is not null and total_debt is not null then 'equity_and_debt'
            when total_assets is not null then 'total_assets'
        end as basis,
        revenue
    from statement
    where place = 1
)

select * from valued
