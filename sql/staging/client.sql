-- one row per client
with
client as (
    select * from source.client
),

named as (
    select
        *,
        coalesce(short_name, name) as display_name,
        case
            when is_natural_person then 'person'
            when coalesce(is_spv, false) then 'project_company'
            else 'company'
        end as client_kind,
        coalesce(closed_date > $business_date, true) as is_active
    from client
)

select * from named
