-- one row per client and month that an evaluation looks at: contribution, as the bank says or estimated by transfer prices
with
unsupplied as (
    select table_name from night.supplied
    where table_name = 'client_profit_month' and not is_supplied
),

due as (
    select * from evaluation.due_month
),

month as (
    select distinct
        calendar.day as month,
        cast(calendar.day + interval '1' month as date) as next_month
    from night.calendar as calendar
    inner join due on calendar.day >= due.year_start and calendar.day <= due.month
    where calendar.day = cast(date_trunc('month', calendar.day) as date)
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
    select
        balance_month.client_id,
        balance_month.month,
        sum(balance_month.balance_days_sum) / nullif(sum(balance_month.day_count), 0) as avg_amt
    from history.client_balance_month as balance_month
    cross join unsupplied
    inner join month on balance_month.month = month.month
    group by balance_month.client_id, balance_month.month
),

fee as (
    select
        flow_month.client_id,
        flow_month.month,
        sum(flow_month.fee_amt) as fee_amt
    from history.client_month as flow_month
    cross join unsupplied
    inner join month on flow_month.month = month.month
    group by flow_month.client_id, flow_month.month
),

-- loans as they stand: since they began they are taken to have been alike
lent as (
    select
        loan.client_id,
        month.month,
        sum(loan.outstanding_amt) as outstanding_amt,
        sum(loan.outstanding_amt * loan.rate_pct) as rated_amt,
        sum(loan.ead_amt) as ead_amt
    from features.loan_state as loan
    cross join unsupplied
    inner join month on loan.start_date < month.next_month
    where loan.status <> 'closed'
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
            coalesce(deposit.avg_amt, 0) * (price.ftp_deposit_pct - price.deposit_rate_pct) / 1200
            + (coalesce(lent.rated_amt, 0) - coalesce(lent.outstanding_amt, 0) * price.ftp_loan_pct) / 1200
            + coalesce(fee.fee_amt, 0)
            - coalesce(lent.ead_amt, 0) * price.pd_pct * price.lgd_pct / 120000
            as decimal(18, 2)
        ) as contribution_amt,
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
