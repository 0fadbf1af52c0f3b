-- one row per project, or company's loan, year and scope: what was financed, or why there is no figure
with
named as (
    select
        client_id,
        display_name
    from staging.client
),

listed as (
    select
        emission.year,
        emission.pcaf_class,
        emission.scope,
        emission.project_id,
        emission.loan_id,
        coalesce(project.name, named.display_name, emission.client_id) as name,
        emission.outstanding_amt,
        emission.denominator_amt,
        emission.basis,
        emission.attribution_pct,
        emission.emission_t,
        emission.financed_t,
        emission.quality,
        emission.report_due_on,
        emission.reason
    from esg.financed_emission as emission
    left join esg_portfolio.project as project on emission.project_id = project.project_id
    left join named on emission.client_id = named.client_id
)

select * from listed
