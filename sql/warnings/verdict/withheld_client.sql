-- one row per client of whom something is withheld tonight: what, of which tables, and whether it is a whole row
with
held as (
    select * from night.withheld
    where client_id is not null
),

-- in words that name the table, and of a cell the column: quarantine:loan, vanished:instalment, unreadable_cell:txn.ccy
named as (
    select distinct
        client_id,
        reason || ':' || table_name || coalesce('.' || column_name, '') as token,
        column_name is null as is_row
    from held
),

withheld_client as (
    select
        client_id,
        string_agg(token, ',' order by token) as withheld,
        count(case when is_row then 1 end) > 0 as has_row
    from named
    group by client_id
)

select * from withheld_client
