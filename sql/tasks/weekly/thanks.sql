-- one row per person and thing of the last seven days to thank for
with
setting as (
    select max(case when setting = 'thanked_csat' then value end) as thanked_csat
    from policy.weekly_setting
),

thanked as (
    select
        staff_id,
        'promise_kept' as thanked_for
    from tasks_weekly.promise
    where state = 'kept'
    union all
    select
        staff_id,
        'red_in_time' as thanked_for
    from tasks_weekly.answered
    where is_red and is_in_time
    union all
    select
        staff_id,
        'told_early' as thanked_for
    from source.observation
    where observed_on between $business_date - 6 and $business_date
    union all
    select
        survey.staff_id,
        'satisfied_client' as thanked_for
    from source.survey as survey
    cross join setting
    where survey.answered_on between $business_date - 6 and $business_date and survey.csat >= setting.thanked_csat
    union all
    select
        staff_id,
        'need_won' as thanked_for
    from tasks_weekly.need
    where status = 'won'
),

counted as (
    select
        staff_id,
        thanked_for,
        cast(count(*) as integer) as times
    from thanked
    group by staff_id, thanked_for
),

thanks as (
    select
        staff.branch_id,
        counted.staff_id,
        registry.name as staff_name,
        counted.thanked_for,
        counted.times
    from counted
    inner join staging.staff as staff on counted.staff_id = staff.staff_id
    left join source.staff as registry on counted.staff_id = registry.staff_id
)

select * from thanks
