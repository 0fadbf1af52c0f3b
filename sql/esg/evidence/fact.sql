-- one row per project, table, column and code of which there is something: what evidence is looked for in
-- A permit or a figure is there with its row, and with its evidence by the column that has it: a bank that does not
-- keep that column shows none, which is not the project's to answer for. Which of them counts is for policy to say.
-- Emissions are told by how their newest year was found, an option of PCAF, once scopes 1 and 2 are there, and with
-- `_scope_3` once that one is too: whether an estimate is evidence is for policy to say.
with
emission as (
    select
        project_id,
        scope1_t,
        scope2_t,
        scope3_t,
        lower(trim(method_option)) as option,
        row_number() over (partition by project_id order by year desc) as place
    from source.emission
    where year <= year($business_date) and coalesce(scope1_t, scope2_t, scope3_t) is not null
),

fact as (
    select
        project_id,
        'permit' as table_name,
        cast(null as varchar) as evidence_column,
        lower(trim(kind)) as code
    from source.permit
    where coalesce(issued_on <= $business_date, true)
    union
    select
        project_id,
        'permit' as table_name,
        'evidence_id' as evidence_column,
        lower(trim(kind)) as code
    from source.permit
    where coalesce(issued_on <= $business_date, true) and evidence_id is not null
    union
    select
        project_id,
        'esap_action' as table_name,
        cast(null as varchar) as evidence_column,
        cast(null as varchar) as code
    from source.esap_action
    union
    select
        project_id,
        'emission' as table_name,
        cast(null as varchar) as evidence_column,
        option as code
    from emission
    where place = 1 and option is not null and scope1_t is not null and scope2_t is not null
    union
    select
        project_id,
        'emission' as table_name,
        cast(null as varchar) as evidence_column,
        option || '_scope_3' as code
    from emission
    where place = 1 and option is not null and scope1_t is not null and scope2_t is not null and scope3_t is not null
    union
    select
        project_id,
        'esg_item' as table_name,
        cast(null as varchar) as evidence_column,
        lower(trim(item)) as code
    from source.esg_item
    where period_end <= $business_date and value is not null
    union
    select
        project_id,
        'esg_item' as table_name,
        'evidence_id' as evidence_column,
        lower(trim(item)) as code
    from source.esg_item
    where period_end <= $business_date and value is not null and evidence_id is not null
    union
    select
        project_id,
        'esg_incident' as table_name,
        cast(null as varchar) as evidence_column,
        lower(trim(kind)) as code
    from source.esg_incident
    where project_id is not null and occurred_on <= $business_date
    union
    select
        project_id,
        'loan' as table_name,
        cast(null as varchar) as evidence_column,
        cast(null as varchar) as code
    from features.loan_state
    where project_id is not null
    union
    select
        project_id,
        'project' as table_name,
        'budget_amt' as evidence_column,
        cast(null as varchar) as code
    from features.project_state
    where budget_amt is not null
    union
    select
        project_id,
        'project' as table_name,
        'ep_category' as evidence_column,
        cast(null as varchar) as code
    from features.project_state
    where coalesce(ep_category, cn_class) is not null
)

select * from fact
