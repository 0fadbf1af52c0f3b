-- one row per member of staff at work and certificate that the role needs: until when it holds
with
staff as (
    select
        staff_id,
        branch_id,
        role
    from staging.staff
),

supplied as (
    select is_supplied
    from night.supplied
    where table_name = 'training'
),

-- without the day on which it was passed or ends nobody knows whether a certificate holds
dated as (
    select count(*) = 2 as is_dated
    from night.supplied_column
    where table_name = 'training' and column_name in ('completed_on', 'expires_on')
),

held as (
    select
        staff_id,
        lower(trim(course)) as course,
        completed_on,
        expires_on
    from source.training
    where coalesce(completed_on <= $business_date, true)
),

asked as (
    select
        staff.branch_id,
        staff.staff_id,
        staff.role,
        rule.course,
        rule.notice_days,
        rule.is_gate,
        held.staff_id is not null as is_held,
        held.completed_on,
        held.expires_on,
        date_diff('day', $morning, held.expires_on) as days_left,
        supplied.is_supplied and dated.is_dated as is_known
    from staff
    inner join policy.certificate as rule on staff.role = rule.role
    cross join supplied
    cross join dated
    left join held on staff.staff_id = held.staff_id and rule.course = held.course
),

certificate as (
    select
        $business_date as business_date,
        branch_id,
        staff_id,
        role,
        course,
        completed_on,
        expires_on,
        case
            when not is_known then 'not_assessed'
            when not is_held then 'missing'
            when days_left < 0 then 'expired'
            when completed_on is null or expires_on is null then 'not_assessed'
            when days_left <= notice_days then 'expiring'
            else 'valid'
        end as state,
        cast(days_left as integer) as days_left,
        notice_days,
        is_gate
    from asked
)

select * from certificate
