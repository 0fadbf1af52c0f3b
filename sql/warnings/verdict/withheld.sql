-- one row per client and rule (an indicator, or floor) that would have read something of it that is withheld tonight
with
held as (
    select * from night.withheld
),

rule_source as (
    select * from night.rule_source
),

client as (
    select * from staging.client
),

-- a whole row keeps back whatever reads its table, a cell what reads its column
concerned as (
    select distinct
        held.client_id,
        rule_source.rule
    from held
    inner join rule_source
        on
            held.table_name = rule_source.table_name
            and (held.column_name is null or held.column_name = rule_source.column_name)
    where held.client_id is not null
),

-- a column that was supplied last night and is not tonight is missed by what cannot do without it, for everybody; and
-- by what reads it where policy says what its absence means: that is so of a source that never had it
missed as (
    select distinct missing.rule
    from held
    inner join warnings_verdict.missing as missing
        on missing.token = held.table_name || '.' || held.column_name and not missing.is_partial
    where held.row_key is null
    union
    select distinct rule_source.rule
    from held
    inner join policy.read_as on held.table_name || '.' || held.column_name = read_as.token
    inner join rule_source on held.table_name = rule_source.table_name and held.column_name = rule_source.column_name
    where held.row_key is null
),

withheld as (
    select
        client_id,
        rule
    from concerned
    union
    select
        client.client_id,
        missed.rule
    from client
    cross join missed
)

select * from withheld
