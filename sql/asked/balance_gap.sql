-- one row per account with a balance tonight and before, in one currency with the flows between: what of the change
-- these leave open, in cents
with
opening as (
    select * from night.balance_opening
),

closing as (
    select * from night.balance_closing
),

flow as (
    select
        account_id,
        sum(case when direction = 'C' then amount else -amount end) as net_amt,
        min(ccy) as first_ccy,
        max(ccy) as last_ccy
    from night.balance_flow
    group by account_id
),

gap as (
    select
        closing.account_id as row_key,
        cast((closing.eod_balance - opening.eod_balance - coalesce(flow.net_amt, 0)) * 100 as bigint) as gap
    from closing
    inner join opening on closing.account_id = opening.account_id and closing.ccy = opening.ccy
    left join flow on closing.account_id = flow.account_id
    where coalesce(flow.first_ccy, closing.ccy) = closing.ccy and coalesce(flow.last_ccy, closing.ccy) = closing.ccy
)

select * from gap
