-- one row per client and full month of the last thirteen: contribution, as the bank says or estimated by the prices
{% import 'macros/month.sql' as months %}
with
told as (
    select count(*) as parts
    from night.supplied_column
    where
        table_name = 'client_profit_month'
        and column_name in ('ftp_income', 'fee_income', 'opex', 'expected_loss')
),

-- a part that the source never gives is not nothing: the whole is estimated then
unsupplied as (
    select parts from told
    where parts < 4
),

-- the twelve months that a tier looks back on, on whichever side of a month's first working day
month as (
    select
        day as month,
        {{ months.first_day('day', 1) }} as next_month
    from night.calendar
    where
        day >= {{ months.first_day('$business_date', -13) }}
        and {{ months.first_day('day', 1) }} <= $morning
        and day = cast(date_trunc('month', day) as date)
),

given as (
    select
        profit.client_id,
        profit.month,
        coalesce(profit.ftp_income, 0) + coalesce(profit.fee_income, 0) - coalesce(profit.opex, 0)
        - coalesce(profit.expected_loss, 0) as contribution_amt,
        profit.economic_capital as economic_capital_amt,
        false as is_estimated
    from source.client_profit_month as profit
    inner join month on profit.month = month.month
    inner join told on told.parts = 4
),

price as (
    select
        max(case when setting = 'ftp_deposit_pct' then value end) as ftp_deposit_pct,
        max(case when setting = 'deposit_rate_pct' then value end) as deposit_rate_pct,
        max(case when setting = 'ftp_loan_pct' then value end) as ftp_loan_pct,
        max(case when setting = 'pd_pct' then value end) as pd_pct,
        max(case when setting = 'lgd_pct' then value end) as lgd_pct,
        max(case when setting = 'capital_pct' then value end) as capital_pct
    from policy.transfer_price
),

deposit as (
    select balance_month.*
    from features.client_balance_month as balance_month
    cross join unsupplied
    where balance_month.is_full
),

fee as (
    select flow_month.*
    from features.client_month as flow_month
    cross join unsupplied
    where flow_month.is_full
),

-- running loans as they stand, taken to have been alike since they began; a rate that nobody states earns no margin
lent as (
    select
        loan.client_id,
        month.month,
        sum(case when loan.rate_pct is not null then loan.outstanding_amt end) as outstanding_amt,
        sum(loan.outstanding_amt * loan.rate_pct) as rated_amt,
        sum(loan.ead_amt) as ead_amt
    from features.loan_state as loan
    cross join unsupplied
    inner join month on loan.start_date < month.next_month
    where loan.status = 'active'
    group by loan.client_id, month.month
),

client as (
    select distinct mapping.client_id
    from features.account_mapping as mapping
    cross join unsupplied
    union
    select client_id from lent
),

client_month as (
    select
        client.client_id,
        month.month
    from client
    cross join month
),

estimated as (
    select
        client_month.client_id,
        client_month.month,
        cast(
            (
                (
                    coalesce(deposit.avg_amt, 0) * (price.ftp_deposit_pct - price.deposit_rate_pct)
                    + coalesce(lent.rated_amt, 0) - coalesce(lent.outstanding_amt, 0) * price.ftp_loan_pct
                ) * 100
                - coalesce(lent.ead_amt, 0) * price.pd_pct * price.lgd_pct
            ) / 120000
            as decimal(18, 2)
        ) + coalesce(fee.fee_amt, 0) as contribution_amt,
        cast(coalesce(lent.ead_amt, 0) * price.capital_pct / 100 as decimal(18, 2)) as economic_capital_amt,
        true as is_estimated
    from client_month
    cross join price
    left join deposit on client_month.client_id = deposit.client_id and client_month.month = deposit.month
    left join fee on client_month.client_id = fee.client_id and client_month.month = fee.month
    left join lent on client_month.client_id = lent.client_id and client_month.month = lent.month
    where deposit.client_id is not null or fee.client_id is not null or lent.client_id is not null
),

either as (
    select * from given
    union all
    select * from estimated
)

select * from either
