-- one row per project, or company's loan, among the largest of a year by what is financed of scopes 1 and 2 together
-- One of which either is not known is not ranked: its sum would be too small. Scope 3 stands beside and is in no sum.
with
setting as (
    select cast(max(case when setting = 'portfolio_top' then value end) as integer) as portfolio_top
    from policy.esg_setting
),

named as (
    select
        client_id,
        display_name
    from staging.client
),

scoped as (
    select
        project_id,
        loan_id,
        client_id,
        year,
        max(outstanding_amt) as outstanding_amt,
        max(case when scope = 1 then attribution_pct end) as attribution_pct,
        max(case when scope = 1 then financed_t end) as scope1_t,
        max(case when scope = 2 then financed_t end) as scope2_t,
        max(case when scope = 3 then financed_t end) as scope3_t,
        max(case when scope = 1 then quality end) as quality
    from esg.financed_emission
    group by project_id, loan_id, client_id, year
),

ranked as (
    select
        scoped.*,
        scoped.scope1_t + scoped.scope2_t as financed_t,
        row_number() over (
            partition by scoped.year
            order by
                scoped.scope1_t + scoped.scope2_t desc,
                coalesce(scoped.project_id, '') asc,
                coalesce(scoped.loan_id, '') asc
        ) as place
    from scoped
    where scoped.scope1_t + scoped.scope2_t is not null
),

listed as (
    select
        ranked.year,
        ranked.place,
        ranked.project_id,
        ranked.loan_id,
        ranked.client_id,
        coalesce(project.name, named.display_name, ranked.client_id) as name,
        project.category,
        project.sector_code,
        ranked.outstanding_amt,
        ranked.attribution_pct,
        ranked.scope1_t,
        ranked.scope2_t,
        ranked.scope3_t,
        ranked.financed_t,
        ranked.quality
    from ranked
    cross join setting
    left join esg_portfolio.project as project on ranked.project_id = project.project_id
    left join named on ranked.client_id = named.client_id
    where ranked.place <= setting.portfolio_top
)

select * from listed
