-- one row per client whose place on the watch list is proposed or held; its key: the client's id
-- nobody asked for it but the rules
with
watch as (
    select
        client_id as subject_key,
        client_id,
        branch_id,
        cast(null as varchar) as maker_id
    from warnings.watch
    where stage <> 'W0' or decision is not null
)

select * from watch
