-- one row per client and person: on how many days of the quarter the client was that person's
with
owned_days as (
    select
        client_id,
        staff_id,
        cast(sum(days_owned) as integer) as days_owned
    from tasks_scorecard.owned
    group by client_id, staff_id
)

select * from owned_days
