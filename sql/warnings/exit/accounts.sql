-- one row per client with a plan that publishes accounts: the cash flow of its newest twelve months, over the horizon,
-- and how much of it is there for this bank
-- The cash flow serves every lender: this bank's part is its part of the debt that the accounts show.
with
setting as (
    select cast(max(case when setting = 'horizon_months' then value end) as integer) as horizon_months
    from policy.exit_setting
),

position as (
    select
        client_id,
        period_end,
        is_current,
        total_debt
    from features_statement.position
    where period_end is not null
),

accounts as (
    select
        placed.client_id,
        position.period_end,
        position.is_current,
        position.total_debt is not null as is_debt_known,
        period.operating_cash_flow_12m,
        cast(
            case
                when position.total_debt > placed.outstanding_amt and placed.outstanding_amt > 0
                    then cast(placed.outstanding_amt / nullif(position.total_debt, 0) as decimal(18, 6))
                when position.total_debt is not null and placed.outstanding_amt is not null then 1
            end as decimal(18, 6)
        ) as share,
        cast(
            cast(period.operating_cash_flow_12m as decimal(38, 2)) * setting.horizon_months / 12 as decimal(18, 2)
        ) as horizon_amt
    from warnings_exit.placed as placed
    cross join setting
    inner join position on placed.client_id = position.client_id
    left join features_statement.period as period
        on position.client_id = period.client_id and position.period_end = period.period_end
)

select
    client_id,
    period_end,
    is_current,
    is_debt_known,
    operating_cash_flow_12m,
    share,
    cast(cast(horizon_amt as decimal(38, 2)) * share as decimal(38, 2)) as cash_amt
from accounts
