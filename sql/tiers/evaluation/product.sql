-- one row per client and product family that it uses, while a month is due
with
due as (
    select count(*) as months
    from tiers_evaluation.due_month
),

-- what the bank registers, and what its accounts and loans show anyway
families as (
    select
        holding.client_id,
        holding.product
    from source.product_holding as holding
    cross join due
    where due.months > 0 and (holding.since is null or holding.since <= $business_date)
    union
    select
        client_id,
        kind as product
    from staging.account
    cross join due
    where
        due.months > 0
        and is_deposit
        and opened_on <= $business_date
        and (closed_on is null or closed_on > $business_date)
    union
    select
        client_id,
        product
    from features.loan_state
    cross join due
    where due.months > 0 and status = 'active'
),

-- what both show is one
used as (
    select
        client_id,
        product
    from families
    group by client_id, product
)

select * from used
