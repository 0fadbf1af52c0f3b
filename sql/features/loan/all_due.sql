-- one row per client with open loans that are all due in full: called or matured, so that nothing is left to be called
with
loan as (
    select
        client_id,
        due_in_full_on
    from staging.loan
    where is_open
),

counted as (
    select
        client_id,
        sum(case when due_in_full_on is null then 1 else 0 end) as running_count
    from loan
    group by client_id
)

select client_id from counted
where running_count = 0
