-- one row per relationship with projects approved lately and not in operation: what they will cost
{% import 'macros/month.sql' as months %}
with
due as (
    select count(*) as months
    from tiers_evaluation.due_month
),

setting as (
    select cast(max(case when setting = 'potential_pipeline_months' then value end) as integer) as pipeline_months
    from policy.tier_setting
),

-- a project whose date or budget nobody gave leaves the sum unknown
planned as (
    select
        member.group_key,
        sum(project.budget_amt) as pipeline_amt,
        sum(case when project.approved_on is null or project.budget_amt is null then 1 else 0 end) as unknown_count
    from source.project as project
    inner join tiers_group.member as member on project.client_id = member.client_id
    cross join setting
    cross join due
    where
        due.months > 0
        and project.stage = 'construction'
        and coalesce(project.approved_on <= $business_date, true)
        and coalesce(
            {{ months.number('$business_date') }} - {{ months.number('project.approved_on') }}
            < setting.pipeline_months,
            true
        )
    group by member.group_key
)

select * from planned
