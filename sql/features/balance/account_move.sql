-- one row per deposit account and date on which its balance in base currency changed: the change
with
step as (
    select * from features_balance.step
    where is_deposit
),

-- an account that was ever held in a foreign currency moves with its rate
foreign_account as (
    select distinct account_id
    from step
    where ccy <> $base_ccy
),

at_home as (
    select
        step.account_id,
        step.client_id,
        step.from_date as moved_on,
        step.move_amt,
        step.is_whole,
        step.is_held
    from step
    left join foreign_account on step.account_id = foreign_account.account_id
    where foreign_account.account_id is null
),

-- days before the first known rate are worth nothing here, and the client is not assessed
valued as (
    select
        step.account_id,
        step.client_id,
        greatest(step.from_date, coalesce(fx.from_date, step.from_date)) as from_date,
        coalesce(cast(step.balance_amt * fx.rate as decimal(18, 2)), 0) as value_amt,
        step.is_whole,
        step.is_held and step.from_date >= coalesce(fx.from_date, step.from_date) as is_held
    from step
    inner join foreign_account on step.account_id = foreign_account.account_id
    left join staging.fx as fx on step.ccy = fx.ccy and step.from_date < fx.to_date and step.to_date > fx.from_date
),

abroad as (
    select
        account_id,
        client_id,
        from_date as moved_on,
        value_amt - coalesce(lag(value_amt) over (partition by account_id order by from_date), 0) as move_amt,
        is_whole,
        is_held
    from valued
),

either as (
    select * from at_home
    union all
    select * from abroad
),

-- what is held from the night before is known to the history
new_moves as (
    select
        account_id,
        client_id,
        moved_on,
        move_amt,
        is_whole
    from either
    where not is_held and move_amt <> 0
)

select * from new_moves
