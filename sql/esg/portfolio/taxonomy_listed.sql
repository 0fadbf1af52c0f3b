-- one row per project, version and code of the green catalogue
with
listed as (
    select
        taxonomy.taxonomy_version,
        taxonomy.taxonomy_code,
        taxonomy.project_id,
        project.name,
        project.branch_name,
        project.branch_name_en,
        taxonomy.loan_count,
        taxonomy.outstanding_amt
    from esg.taxonomy as taxonomy
    inner join esg_portfolio.project as project on taxonomy.project_id = project.project_id
)

select * from listed
