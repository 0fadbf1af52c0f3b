-- one row per client and month to evaluate: contribution, value added and return of the twelve months to its end
with
due as (
    select * from tiers_evaluation.due_month
),

profit_month as (
    select * from features.client_profit_month
),

rates as (
    select
        max(case when setting = 'tax_pct' then value end) as tax_pct,
        max(case when setting = 'hurdle_pct' then value end) as hurdle_pct
    from policy.tier_setting
),

summed as (
    select
        profit_month.client_id,
        due.month_no,
        cast(sum(profit_month.contribution_amt) as decimal(18, 2)) as contrib_amt,
        -- economic capital is a stock: the mean of its months
        cast(
            sum(profit_month.economic_capital_amt) / nullif(count(profit_month.economic_capital_amt), 0)
            as decimal(18, 2)
        ) as economic_capital_amt,
        max(case when profit_month.is_estimated then 1 else 0 end) = 1 as is_contrib_estimated
    from profit_month
    cross join due
    where profit_month.month between due.year_start and due.month
    group by profit_month.client_id, due.month_no
),

valued as (
    select
        summed.client_id,
        summed.month_no,
        summed.contrib_amt,
        summed.economic_capital_amt,
        summed.is_contrib_estimated,
        cast(
            summed.contrib_amt * (100 - rates.tax_pct) * 0.01
            - coalesce(summed.economic_capital_amt, 0) * rates.hurdle_pct * 0.01
            as decimal(18, 2)
        ) as eva_amt,
        -- without capital at work there is no return on it: null, not infinite
        cast(
            summed.contrib_amt * (100 - rates.tax_pct) / nullif(summed.economic_capital_amt, 0) as decimal(18, 4)
        ) as raroc_pct,
        summed.contrib_amt * (100 - rates.tax_pct)
        >= coalesce(summed.economic_capital_amt, 0) * rates.hurdle_pct as is_hurdle_met
    from summed
    cross join rates
)

select * from valued
