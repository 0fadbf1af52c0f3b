-- one row per client with covenants tested up to the business date: J16, headroom in percent of the limit
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'J16'
),

project as (
    select * from features.project_state
),

loan as (
    select * from features.loan_state
    where status <> 'closed'
),

test as (
    select * from staging.covenant_test
),

supplied as (
    select * from night.supplied
),

unsupplied as (
    select count(*) as tables
    from supplied
    where table_name = 'covenant_test' and not is_supplied
),

-- a test without a result yet does not hide the last one with a result
newest_first as (
    select
        *,
        row_number() over (
            partition by covenant_id
            order by
                case when actual is not null or status in ('pass', 'breach', 'waived') then 0 else 1 end asc,
                test_date desc
        ) as place
    from test
),

latest as (
    select
        newest_first.*,
        coalesce(project.client_id, loan.client_id) as client_id,
        coalesce(newest_first.project_id, loan.project_id) as of_project_id,
        coalesce(newest_first.status = 'waived', false)
        and coalesce(newest_first.waived_until >= $business_date, true) as is_waived,
        case newest_first.operator
            when '>=' then newest_first.actual - newest_first.limit_value
            when '<=' then newest_first.limit_value - newest_first.actual
        end as room
    from newest_first
    left join project on newest_first.project_id = project.project_id
    left join loan on newest_first.loan_id = loan.loan_id
    where newest_first.place = 1
),

doubted as (
    select
        *,
        coalesce(is_waiver_unknown and room < 0, false) as is_doubtful
    from latest
),

measured as (
    select
        client_id,
        loan_id,
        of_project_id as project_id,
        is_waived or (room is not null and not is_doubtful) as is_assessed,
        case
            when not is_waived and not is_doubtful then cast(100 * room / nullif(abs(limit_value), 0) as decimal(18, 4))
        end as value,
        limit_value as baseline,
        actual as second_value,
        test_date as data_date,
        'covenant_test:' || covenant_id || '|' || cast(test_date as varchar) as source_keys,
        not is_waived and not is_doubtful and (coalesce(room < 0, false) or coalesce(status = 'breach', false))
            as is_breach,
        name
    from doubted
    where client_id is not null
    union all
    select
        project.client_id,
        cast(null as varchar) as loan_id,
        project.project_id,
        false as is_assessed,
        cast(null as decimal(18, 4)) as value,
        cast(null as decimal(18, 4)) as baseline,
        cast(null as decimal(18, 4)) as second_value,
        $business_date as data_date,
        'project:' || project.project_id as source_keys,
        false as is_breach,
        cast(null as varchar) as name
    from project
    cross join unsupplied
    where unsupplied.tables > 0
),

{{ indicator.judge(
    red_too='measured.is_breach',
    reason_case="case when measured.is_breach then 'breach' end",
    detail='measured.name',
    many=true
) }}

select * from worst
