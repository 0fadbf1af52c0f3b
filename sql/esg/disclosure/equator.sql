-- one row per year, product, scope, category, sector, region, kind of country and independent review: how many projects
with
project as (
    select * from esg_disclosure.equator_project
),

counted as (
    select
        year,
        coalesce(product, 'unknown') as product,
        case when is_in_scope then 'in_scope' else 'unknown' end as scope,
        coalesce(category, 'unknown') as category,
        sector,
        region,
        case when is_designated then 'designated' when not is_designated then 'other' else 'unknown' end
            as country_kind,
        independent_review,
        count(*) as project_count
    from project
    group by
        year,
        coalesce(product, 'unknown'),
        case when is_in_scope then 'in_scope' else 'unknown' end,
        coalesce(category, 'unknown'),
        sector,
        region,
        case when is_designated then 'designated' when not is_designated then 'other' else 'unknown' end,
        independent_review
)

select * from counted
