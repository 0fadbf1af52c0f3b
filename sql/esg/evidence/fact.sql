-- one row per project, table and code of which there is something: what evidence is looked for in
with
fact as (
    select
        project_id,
        'permit' as table_name,
        lower(trim(kind)) as code
    from source.permit
    where coalesce(issued_on <= $business_date, true)
    union
    select
        project_id,
        'esap_action' as table_name,
        cast(null as varchar) as code
    from source.esap_action
    union
    select
        project_id,
        'emission' as table_name,
        cast(null as varchar) as code
    from source.emission
    where year <= year($business_date) and coalesce(scope1_t, scope2_t, scope3_t) is not null
    union
    select
        project_id,
        'esg_item' as table_name,
        lower(trim(item)) as code
    from source.esg_item
    where period_end <= $business_date and value is not null
    union
    select
        project_id,
        'esg_incident' as table_name,
        lower(trim(kind)) as code
    from source.esg_incident
    where project_id is not null and occurred_on <= $business_date
    union
    select
        project_id,
        'loan' as table_name,
        cast(null as varchar) as code
    from features.loan_state
    where project_id is not null
    union
    select
        project_id,
        'project.budget_amt' as table_name,
        cast(null as varchar) as code
    from features.project_state
    where budget_amt is not null
    union
    select
        project_id,
        'project.ep_category' as table_name,
        cast(null as varchar) as code
    from features.project_state
    where coalesce(ep_category, cn_class) is not null
)

select * from fact
