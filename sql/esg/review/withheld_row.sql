-- one row per project under review and row or cell of it, or on the way to it, that tonight does not have: in
-- quarantine, or gone without a reason; and of its client what may be its own: an incident of the client is one of all
-- its projects, as in esg.incident, and what names no project that is known, or whose name of it cannot be read, is
-- perhaps of this one. The page of a project shows these rows, esg.project_review counts them
with
project as (
    select
        project_id,
        client_id
    from features.project_state
),

held as (
    select * from night.withheld
),

named_project as (
    select project_id
    from project
    union
    select row_key as project_id
    from held
    where table_name = 'project'
),

own as (
    select
        project_id as reviewed_project_id,
        held.*
    from held
    where project_id is not null
),

perhaps_own as (
    select
        project.project_id as reviewed_project_id,
        held.*
    from held
    inner join project on held.client_id = project.client_id
    left join named_project on held.project_id = named_project.project_id
    where
        named_project.project_id is null
        and (held.project_id is not null or held.table_name = 'esg_incident' or held.column_name = 'project_id')
)

select * from own
union all
select * from perhaps_own
