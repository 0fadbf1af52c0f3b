-- one row per client with a plan of contingency and exit; its key: the client's id
-- the night drafted it
with
plan as (
    select
        client_id as subject_key,
        client_id,
        branch_id,
        cast(null as varchar) as maker_id
    from warnings.exit_plan
)

select * from plan
