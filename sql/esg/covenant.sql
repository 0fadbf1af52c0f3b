-- one row per project covenant: its newest test with a result, and how far it is from its limit
with
project as (
    select
        project_id,
        client_id,
        branch_id
    from features.project_state
),

test as (
    select
        covenant_test.*,
        coalesce(covenant_test.project_id, loan_state.project_id) as project_of_covenant
    from staging.covenant_test as covenant_test
    left join features.loan_state as loan_state on covenant_test.loan_id = loan_state.loan_id
),

ordered as (
    select
        test.*,
        row_number() over (
            partition by covenant_id
            order by
                case when actual is not null or status in ('pass', 'breach', 'waived') then 0 else 1 end asc,
                test_date desc
        ) as place
    from test
),

measured as (
    select
        ordered.*,
        case operator
            when '<=' then limit_value - actual
            when '>=' then actual - limit_value
        end as room,
        coalesce(status = 'waived' and (waived_until is null or waived_until >= $business_date), false) as is_waived,
        cast(test_date + cure_days * interval '1' day as date) as cure_until
    from ordered
    where place = 1
),

judged as (
    select
        $business_date as business_date,
        project.project_id,
        project.client_id,
        project.branch_id,
        measured.covenant_id,
        measured.loan_id,
        measured.name,
        measured.metric,
        measured.level,
        measured.test_date,
        measured.actual,
        measured.operator,
        measured.limit_value,
        cast(measured.room * 100 / nullif(abs(measured.limit_value), 0) as decimal(18, 4)) as headroom_pct,
        -- a waiver that has run out protects nobody; what may be waived, or no more, is not known
        case
            when measured.is_waived and measured.is_waiver_end_unknown then 'not_assessed'
            when measured.is_waived then 'waived'
            when measured.status is null and measured.is_waiver_unknown and measured.room < 0 then 'not_assessed'
            when measured.room < 0 or measured.status = 'breach' then 'breach'
            when measured.room >= 0 or measured.status = 'pass' then 'pass'
            when measured.actual is not null or measured.status = 'waived' then 'not_assessed'
            when measured.status is null then 'not_assessed'
            else 'pending'
        end as status,
        measured.waived_until,
        measured.cure_until
    from measured
    inner join project on measured.project_of_covenant = project.project_id
)

select * from judged
