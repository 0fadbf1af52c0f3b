-- one row per client with a project: E08, steps by which a graver E&S category is proposed, and the list of major risk
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'E08'
),

project as (
    select * from features.project_state
),

reviewed as (
    select
        project_id,
        proposed_category,
        case when esg_listed_on <= $business_date then esg_listed_on end as listed_on
    from source.project
),

-- the Equator Principles' category, else the bank's own class; a financial intermediary has no rank
graver as (
    select
        project.client_id,
        project.project_id,
        coalesce(project.ep_category, project.cn_class) as category,
        reviewed.proposed_category,
        reviewed.listed_on,
        case coalesce(project.ep_category, project.cn_class) when 'A' then 3 when 'B' then 2 when 'C' then 1 end
            as own_rank,
        case reviewed.proposed_category when 'A' then 3 when 'B' then 2 when 'C' then 1 end as proposed_rank
    from project
    inner join reviewed on project.project_id = reviewed.project_id
),

measured as (
    select
        client_id,
        cast(null as varchar) as loan_id,
        project_id,
        own_rank is not null as is_assessed,
        case when own_rank is not null then greatest(coalesce(proposed_rank, own_rank) - own_rank, 0) end as value,
        cast(null as decimal(18, 4)) as baseline,
        cast(null as decimal(18, 4)) as second_value,
        $business_date as data_date,
        'project:' || project_id as source_keys,
        listed_on is not null as is_listed,
        coalesce(cast(listed_on as varchar), category || '→' || proposed_category) as label
    from graver
),

{{ indicator.judge(
    red_too='measured.is_listed',
    reason_case="case when measured.is_listed then 'listed' end",
    detail='measured.label',
    many=true
) }}

select * from worst
