-- one row per client and full month of the last twelve: contribution, as the bank says or estimated by transfer prices
with
supplied as (
    select is_supplied from night.supplied
    where table_name = 'client_profit_month'
),

month as (
    select distinct cast(date_trunc('month', day) as date) as month
    from night.calendar
    where
        day >= cast(date_trunc('month', $morning) - interval '12' month as date)
        and day < cast(date_trunc('month', $morning) as date)
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
    where (select is_supplied from supplied)
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
    select * from features.client_balance_month
    where is_full
),

fee as (
    select * from features.client_month
    where is_full
),

-- loans as they stand: the months before are taken to have been alike
lent as (
    select
        client_id,
        sum(outstanding_amt) as outstanding_amt,
        sum(outstanding_amt * rate_pct) as rated_amt,
        sum(ead_amt) as ead_amt
    from features.loan_state
    where status <> 'closed'
    group by client_id
),

client as (
    select distinct client_id from features.account_mapping
    union
    select client_id from lent
),

estimated as (
    select
        client.client_id,
        month.month,
        cast(
            coalesce(deposit.avg_amt, 0) * (price.ftp_deposit_pct - price.deposit_rate_pct) / 1200
            + (coalesce(lent.rated_amt, 0) - coalesce(lent.outstanding_amt, 0) * price.ftp_loan_pct) / 1200
            + coalesce(fee.fee_amt, 0)
            - coalesce(lent.ead_amt, 0) * price.pd_pct * price.lgd_pct / 120000
            as decimal(18, 2)
        ) as contribution_amt,
        cast(coalesce(lent.ead_amt, 0) * price.capital_pct / 100 as decimal(18, 2)) as economic_capital_amt,
        true as is_estimated
    from client
    cross join month
    cross join price
    left join deposit on client.client_id = deposit.client_id and month.month = deposit.month
    left join fee on client.client_id = fee.client_id and month.month = fee.month
    left join lent on client.client_id = lent.client_id
    where
        not coalesce((select is_supplied from supplied), false)
        and (deposit.client_id is not null or fee.client_id is not null or lent.client_id is not null)
),

either as (
    select * from given
    union all
    select * from estimated
)

select * from either
