-- one row per item that stops a draw or that nobody could assess; its key: REQUEST:ITEM (export draw_gate)
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
