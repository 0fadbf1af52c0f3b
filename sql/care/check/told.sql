-- one row: whether anything tells of checks that were made (contacts or reports), and whether draws are told
with
told as (
    select
        coalesce(max(case when table_name in ('contact', 'check_report') and is_supplied then 1 else 0 end), 0) = 1
            as is_check_told,
        coalesce(max(case when table_name = 'disbursement' and is_supplied then 1 else 0 end), 0) = 1 as is_draw_told
    from night.supplied
)

select * from told
