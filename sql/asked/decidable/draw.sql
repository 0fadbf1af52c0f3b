-- one row per item that stops an announced draw or that nobody could assess, by request:item
with
gate as (
    select
        request_id || ':' || item as subject_key,
        client_id,
        branch_id,
        cast(null as varchar) as maker_id
    from care.draw_gate
    where verdict in ('fail', 'not_assessed', 'waived')
)

select * from gate
