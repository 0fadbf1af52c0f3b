-- one row per project with a covenant on debt service cover, life covers or gearing: the levels that its contract sets
-- The newest test of each covenant tells its level, also one without a result yet; of several the strictest holds. A
-- covenant that does not say at which level it bites is taken for the lock-up.
{% set ratios = ['dscr', 'llcr', 'plcr'] %}
with
setting as (
    select
        max(case when setting = 'gearing_share_most' then value end) as share_most,
        max(case when setting = 'gearing_pct_least' then value end) as pct_least
    from policy.project_setting
),

loan as (
    select
        loan_id,
        project_id
    from features.loan_state
    where status <> 'closed'
),

test as (
    select
        *,
        row_number() over (partition by covenant_id order by test_date desc) as place
    from staging.covenant_test
    where limit_value is not null and metric in ('dscr', 'llcr', 'plcr', 'gearing')
),

agreed as (
    select
        coalesce(test.project_id, loan.project_id) as project_id,
        test.metric,
        coalesce(test.level, 'lock_up') as level,
        -- gearing is written as a share or as a percentage
        case
            when test.metric <> 'gearing' then test.limit_value
            when test.limit_value between 0 and setting.share_most then 100 * test.limit_value
            when test.limit_value >= setting.pct_least then test.limit_value
        end as limit_value
    from test
    cross join setting
    left join loan on test.loan_id = loan.loan_id
    where
        test.place = 1
        and (test.loan_id is null or loan.loan_id is not null)
        and coalesce(test.operator, case when test.metric = 'gearing' then '<=' else '>=' end)
        = case when test.metric = 'gearing' then '<=' else '>=' end
),

covenant_limit as (
    select
        project_id,
        {% for metric in ratios %}
        {% for level in ['lock_up', 'default'] %}
        cast(max(case when metric = '{{ metric }}' and level = '{{ level }}' then limit_value end) as decimal(18, 4))
            as {{ metric }}_{{ level }},
        {% endfor %}
        {% endfor %}
        cast(min(case when metric = 'gearing' then limit_value end) as decimal(18, 4)) as gearing_limit_pct
    from agreed
    where project_id is not null
    group by project_id
)

select * from covenant_limit
