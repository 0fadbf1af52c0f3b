-- one row per person with a scorecard and quarter, this one and the last; its key: STAFF:QUARTER, such as S0013:2026Q3
-- the person has no say in it
with
month_first as (
    select
        cast(year($business_date) as varchar) as year_text,
        cast((month($business_date) + 2) // 3 as varchar) as number_text
),

quarter as (
    select year_text || 'Q' || number_text as quarter
    from month_first
    union distinct
    select quarter
    from tasks_scorecard.quarter
),

role as (
    select distinct role
    from policy.scorecard_measure
),

conduct as (
    select
        staff.staff_id || ':' || quarter.quarter as subject_key,
        cast(null as varchar) as client_id,
        staff.branch_id,
        staff.staff_id as maker_id
    from source.staff as staff
    cross join quarter
    inner join role on staff.role = role.role
)

select * from conduct
