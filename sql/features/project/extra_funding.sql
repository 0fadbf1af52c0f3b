-- one row per project and progress report up to the business date: debt and equity beyond the budget's own split
-- (the capital ratio of the budget is the sponsors' part, the rest the lenders')
with
setting as (
    select max(case when setting = 'extra_debt_least_pct' then value end) as extra_debt_least_pct
    from policy.project_setting
),

project as (
    select
        project_id,
        client_id,
        budget_amt,
        -- a share (0.25); where it is written as a percentage it is one
        case when capital_ratio > 1 then cast(capital_ratio * 0.01 as decimal(18, 6)) else capital_ratio end
            as capital_share
    from features.project_state
    where stage = 'construction'
),

reported as (
    select
        project.project_id,
        project.client_id,
        progress.as_of_date,
        project.capital_share,
        cast(project.budget_amt * setting.extra_debt_least_pct * 0.01 as decimal(18, 2)) as least_amt,
        cast(progress.total_debt_amt - project.budget_amt * (1 - project.capital_share) as decimal(18, 2))
            as debt_beyond_amt,
        cast(progress.equity_paid_amt - project.budget_amt * project.capital_share as decimal(18, 2))
            as equity_beyond_amt,
        progress.total_debt_amt is not null
        and progress.equity_paid_amt is not null
        and project.budget_amt is not null
        and project.capital_share is not null as is_known
    from project
    cross join setting
    inner join staging.project_progress as progress on project.project_id = progress.project_id
),

extra as (
    select
        *,
        case when is_known then greatest(debt_beyond_amt, 0) end as extra_debt_amt,
        case when is_known then greatest(equity_beyond_amt, 0) end as extra_equity_amt
    from reported
),

extra_funding as (
    select
        project_id,
        client_id,
        as_of_date,
        is_known,
        extra_debt_amt,
        cast(100 * capital_share as decimal(18, 4)) as capital_pct,
        case
            when extra_debt_amt > 0 and extra_debt_amt >= least_amt
                then cast(100 * extra_equity_amt / nullif(extra_debt_amt + extra_equity_amt, 0) as decimal(18, 4))
        end as sponsor_pct
    from extra
)

select * from extra_funding
