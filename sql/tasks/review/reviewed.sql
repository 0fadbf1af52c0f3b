-- one row per project that is financed: the category and stage that its reviews go by, and from when they count
with
project as (
    select
        project_id,
        client_id,
        branch_id,
        stage,
        ep_category,
        cn_class,
        approved_on,
        loan_count
    from features.project_state
    where coalesce(loan_count, 1) > 0
),

first_loan as (
    select
        project_id,
        min(start_date) as first_lent_on
    from features.loan_state
    where project_id is not null
    group by project_id
),

-- of the bank's class and the Equator Principles' category the stricter; one for intermediaries says nothing of a site
categorised as (
    select
        project.project_id,
        project.client_id,
        project.branch_id,
        project.stage,
        case
            when project.ep_category = 'A' or project.cn_class = 'A' then 'A'
            when project.ep_category = 'B' or project.cn_class = 'B' then 'B'
            when project.ep_category = 'C' or project.cn_class = 'C' then 'C'
            else 'unknown'
        end as category,
        coalesce(project.approved_on, first_loan.first_lent_on) as began_on
    from project
    left join first_loan on project.project_id = first_loan.project_id
)

select * from categorised
