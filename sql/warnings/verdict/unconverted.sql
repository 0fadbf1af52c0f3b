-- one row per client and currency in which it has a balance or owes, and which has no rate of use tonight
with
fx as (
    select * from staging.fx
    where from_date <= $business_date and $business_date < to_date
),

held as (
    select
        client_id,
        ccy
    from features.account_balance
    where is_open and not is_converted
    union
    select
        client_id,
        ccy
    from features.loan_state
    where status <> 'closed'
),

-- an old rate is named with its date: fx_rate:USD:2024-12-31
unconverted as (
    select
        held.client_id,
        held.ccy,
        'fx_rate:' || held.ccy || coalesce(':' || cast(fx.from_date as varchar), '') as token
    from held
    left join fx on held.ccy = fx.ccy
    where fx.ccy is null or fx.last_date < $business_date
)

select * from unconverted
