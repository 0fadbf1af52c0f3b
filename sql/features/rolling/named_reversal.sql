-- one row per fact that a reversal of tonight takes back, or that a reversal which is replaced tonight took back, and
-- that reversal's day; a table of its own, so that it is known to be small where the history is asked for these facts
with
named as (
    select
        reverses_txn_id as txn_id,
        booked_on
    from source.txn
    where arrived_on = $business_date and reverses_txn_id is not null
    union
    select
        reverses_txn_id as txn_id,
        booked_on
    from source.txn_superseded
    where reverses_txn_id is not null
)

select * from named
