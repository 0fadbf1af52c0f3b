-- one row per client with a covenant of default that its newest test with a result finds breached, and no waiver covers
with
test as (
    select * from staging.covenant_test
    where level = 'default' and (actual is not null or status in ('pass', 'breach', 'waived'))
),

newest_first as (
    select
        *,
        row_number() over (partition by covenant_id order by test_date desc) as place
    from test
),

latest as (
    select * from newest_first
    where place = 1
),

breached as (
    select distinct coalesce(project.client_id, loan.client_id) as client_id
    from latest
    left join features.project_state as project on latest.project_id = project.project_id
    left join features.loan_state as loan on latest.loan_id = loan.loan_id
    where
        (
            coalesce(latest.status = 'breach', false)
            -- where nobody says what is waived, a figure beyond its limit may be
            or (
                not coalesce(latest.is_waiver_unknown, false)
                and (
                    coalesce(latest.operator = '>=' and latest.actual < latest.limit_value, false)
                    or coalesce(latest.operator = '<=' and latest.actual > latest.limit_value, false)
                )
            )
        )
        and not (
            coalesce(latest.status = 'waived', false)
            and coalesce(latest.waived_until >= $business_date, true)
        )
)

select * from breached
where client_id is not null
