-- one row per episode that closed since the last list ($since) and did not open again: no list said so
with
closed as (
    select * from night.closed_lately
    where business_date > $since and business_date < $business_date
),

standing as (
    select
        client_id,
        indicator
    from warnings.signal
    union
    select
        client_id,
        indicator
    from warnings.suspended
),

closed_before as (
    select closed.*
    from closed
    left join standing on closed.client_id = standing.client_id and closed.indicator = standing.indicator
    where standing.client_id is null
)

select * from closed_before
