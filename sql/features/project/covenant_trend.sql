-- one row per covenant of a project or loan: after how many more tests the straight line through its last tests meets
-- its limit
-- The line is that of least squares through the headroom (in percent of the limit, signed so that more is better) by
-- number of the test; `tests_left` is null where it does not fall, and 0 where it has met the limit already.
with
setting as (
    select
        max(case when setting = 'trend_tests_least' then value end) as tests_least,
        max(case when setting = 'trend_tests_most' then value end) as tests_most
    from policy.project_setting
),

test as (
    select
        covenant_id,
        project_id,
        loan_id,
        name,
        test_date,
        cast(
            100
            * case operator
                when '>=' then actual - limit_value
                when '<=' then limit_value - actual
            end
            / nullif(abs(limit_value), 0) as decimal(18, 6)
        ) as headroom_pct
    from staging.covenant_test
),

newest_first as (
    select
        *,
        row_number() over (partition by covenant_id order by test_date desc) as back
    from test
    where headroom_pct is not null
),

numbered as (
    select
        newest_first.*,
        -- 0 is the newest test, those before lie below it
        1 - newest_first.back as nth
    from newest_first
    cross join setting
    where newest_first.back <= setting.tests_most
),

fitted as (
    select
        covenant_id,
        max(case when back = 1 then project_id end) as project_id,
        max(case when back = 1 then loan_id end) as loan_id,
        max(case when back = 1 then name end) as name,
        max(test_date) as test_date,
        max(case when back = 1 then headroom_pct end) as headroom_pct,
        count(*) as tests,
        sum(nth) as x,
        sum(nth * nth) as xx,
        sum(headroom_pct) as y,
        sum(nth * headroom_pct) as xy
    from numbered
    group by covenant_id
),

sloped as (
    select
        *,
        cast((tests * xy - x * y) / nullif(tests * xx - x * x, 0) as decimal(18, 6)) as slope_pct,
        cast((y * xx - x * xy) / nullif(tests * xx - x * x, 0) as decimal(18, 6)) as level_pct
    from fitted
),

trend as (
    select
        sloped.covenant_id,
        coalesce(sloped.project_id, loan.project_id) as project_id,
        sloped.loan_id,
        sloped.name,
        sloped.test_date,
        sloped.headroom_pct,
        sloped.tests,
        sloped.tests >= setting.tests_least as is_known,
        case
            when sloped.tests >= setting.tests_least and sloped.slope_pct < 0
                then greatest(cast(sloped.level_pct / nullif(-sloped.slope_pct, 0) as decimal(18, 4)), 0)
        end as tests_left
    from sloped
    cross join setting
    left join features.loan_state as loan on sloped.loan_id = loan.loan_id
    where loan.loan_id is null or loan.status <> 'closed'
)

select * from trend
