-- one row per client of which an offer cannot be judged, and why: what the source lacks, what is held back, its colour
with
client as (
    select client_id
    from staging.client
    where is_active
),

-- what is lacking is judged by nobody; which rule needs what is policy's
needed as (
    select 'product_holding' as token
    union
    select requires as token
    from policy.offer_rule
    where requires is not null
),

supplied as (
    select table_name as token
    from night.supplied
    where is_supplied
    union all
    select table_name || '.' || column_name as token
    from night.supplied_column
),

lacking as (
    select needed.token
    from needed
    left join supplied on needed.token = supplied.token
    where supplied.token is null
),

held_back as (
    select distinct
        withheld.client_id,
        withheld.table_name as token
    from night.withheld as withheld
    inner join needed on withheld.table_name = needed.token or needed.token like withheld.table_name || '.%'
    where withheld.client_id is not null
),

found as (
    select
        client.client_id,
        lacking.token
    from client
    cross join lacking
    union
    select
        client_id,
        token
    from held_back
    union
    select
        client_id,
        'warning' as token
    from warnings.warning
    where colour = 'not_assessed'
),

named as (
    select
        client_id,
        string_agg(token, ',' order by token) as not_assessed
    from found
    group by client_id
)

select * from named
