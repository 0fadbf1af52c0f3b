-- one row per relationship whose industry or green loans are known: whether one of them is a priority
with
due as (
    select count(*) as months
    from tiers_evaluation.due_month
),

code as (
    select
        member.group_key,
        'sector' as basis,
        client.sector_code as code
    from staging.client as client
    inner join tiers_group.member as member on client.client_id = member.client_id
    cross join due
    where due.months > 0 and client.sector_code is not null
    union all
    select
        member.group_key,
        'sector' as basis,
        project.sector_code as code
    from source.project as project
    inner join tiers_group.member as member on project.client_id = member.client_id
    cross join due
    where due.months > 0 and project.sector_code is not null
    union all
    select
        member.group_key,
        'taxonomy_version' as basis,
        loan.taxonomy_version as code
    from source.loan as loan
    inner join tiers_group.member as member on loan.client_id = member.client_id
    cross join due
    where
        due.months > 0
        and loan.taxonomy_code is not null
        and loan.taxonomy_version is not null
        and loan.status = 'active'
),

matched as (
    select
        code.group_key,
        max(case when strategic.code is null then 0 else 1 end) = 1 as is_strategic
    from code
    left join policy.strategic_sector as strategic
        on
            code.basis = strategic.basis
            and case code.basis
                when 'sector' then starts_with(code.code, strategic.code) else code.code = strategic.code
            end
    group by code.group_key
)

select * from matched
