-- one row per client with an open need and a year of accounts: what working capital it needs, and what of that a new
-- loan may cover
-- The regulator's formula: sales x (1 - margin) x (1 + growth) / turns, turns being 360 / (days of inventory,
-- receivables and prepayments less days of payables and advances); a new loan covers what own funds and the loans
-- that are there do not. The contract has neither payables nor prepayments nor advances: payables are what liabilities
-- are beyond debt, and at most the current ones; the others are left out.
{% import 'macros/money.sql' as money %}
{# Debt that runs for years is no part of current liabilities: it is taken off all of them. Unknown where either is. #}
{% set beyond_debt = '(position.total_liabilities - position.total_debt)' %}
{% set payables %}
(case
                when {{ beyond_debt }} < position.current_liabilities then {{ beyond_debt }}
                when {{ beyond_debt }} >= position.current_liabilities then position.current_liabilities
            end)
{%- endset %}
with
setting as (
    select
        max(case when setting = 'growth_most_pct' then value end) as growth_most_pct,
        max(case when setting = 'growth_least_pct' then value end) as growth_least_pct
    from policy.proposal_setting
),

client as (
    select distinct client_id
    from care_proposal.need
),

account as (
    select
        position.client_id,
        position.period_end,
        position.source_keys,
        position.revenue_12m as sales_amt,
        position.cost_of_sales_12m as cost_amt,
        cast(100 * position.pretax_profit_latest / nullif(position.revenue_12m, 0) as decimal(18, 6)) as margin_pct,
        cast(
            100 * (position.revenue_12m - position.year_ago_revenue_12m) / nullif(position.year_ago_revenue_12m, 0)
            as decimal(18, 6)
        ) as growth_seen_pct,
        cast(
            180 * (position.inventory + coalesce(position.year_ago_inventory, position.inventory))
            / nullif(position.cost_of_sales_12m, 0) as decimal(18, 6)
        ) as inventory_days,
        cast(
            180 * (position.receivables + coalesce(position.year_ago_receivables, position.receivables))
            / nullif(position.revenue_12m, 0) as decimal(18, 6)
        ) as receivable_days,
        cast(
            360 * ({{ money.no_less_than_nought(payables) }})
            / nullif(position.cost_of_sales_12m, 0) as decimal(18, 6)
        ) as payable_days,
        {{ money.no_less_than_nought('position.current_assets - position.current_liabilities') }} as own_funds_amt,
        case when lent.client_id is null then 0 else lent.working_loan_amt end as working_loan_amt
    from client
    inner join features_statement.position as position on client.client_id = position.client_id
    left join care_proposal.lent as lent on client.client_id = lent.client_id
    where position.is_current and position.is_year and position.revenue_12m > 0
),

-- growth that the accounts do not show is none
grown as (
    select
        account.*,
        least(greatest(coalesce(account.growth_seen_pct, 0), setting.growth_least_pct), setting.growth_most_pct)
            as growth_pct,
        {{ money.no_less_than_nought('account.inventory_days + account.receivable_days - account.payable_days') }}
            as cycle_days
    from account
    cross join setting
),

needed as (
    select
        *,
        cast(
            cast(sales_amt * (1 - margin_pct * 0.01) * (1 + growth_pct * 0.01) as decimal(18, 2)) * cycle_days / 360
            as decimal(18, 2)
        ) as need_amt
    from grown
),

-- below nothing more is lent than is needed
met as (
    select
        *,
        need_amt - own_funds_amt - working_loan_amt as left_amt
    from needed
),

working_capital as (
    select
        *,
        {{ money.no_less_than_nought('left_amt') }} as capacity_amt
    from met
)

select * from working_capital
