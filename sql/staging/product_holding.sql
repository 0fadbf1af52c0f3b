-- one row per client and product that it uses on the business date, as the bank registers it; since null: not known
with
holding as (
    select
        client_id,
        product,
        since
    from source.product_holding
    where since is null or since <= $business_date
)

select * from holding
