-- one row per client
with
client as (
    select * from source.client
),

named as (
    select
        *,
        coalesce(short_name, name) as display_name,
        coalesce(closed_date > $business_date, true) as is_active
    from client
)

select * from named
