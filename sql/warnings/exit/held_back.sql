-- one row per client with a plan and number of its exit matrix of which something that it rests on is withheld tonight
with
held as (
    select distinct
        client_id,
        table_name
    from night.withheld
    where client_id is not null
),

touched as (
    select
        client_id,
        table_name,
        table_name in ('loan', 'instalment', 'payment', 'project', 'project_cashflow', 'statement') as is_viability,
        table_name in ('loan', 'offbalance', 'collateral', 'collateral_loan') as is_protection
    from held
),

named as (
    select
        client_id,
        'viability' as measure,
        table_name
    from touched
    where is_viability
    union all
    select
        client_id,
        'protection' as measure,
        table_name
    from touched
    where is_protection
),

held_back as (
    select
        named.client_id,
        named.measure,
        string_agg(named.table_name, ',' order by named.table_name) as tables
    from named
    inner join warnings_exit.placed as placed on named.client_id = placed.client_id
    group by named.client_id, named.measure
)

select * from held_back
