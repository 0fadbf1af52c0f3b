-- one row per permit that has run out or will within the next eight quarters, or whose end nobody says, the first first
-- A quarter is numbered 4 * year + quarter; that of an end that has passed is 0, of one that nobody says 99999.
with
project as (
    select * from esg_portfolio.project
),

due as (
    select
        project.project_id,
        project.name,
        project.branch_name,
        project.branch_name_en,
        project.category,
        permit.permit_id,
        permit.kind,
        coalesce(permit.is_operating_critical, false) as is_critical,
        permit.expires_on,
        permit.renewal_filed_on,
        permit.is_renewal_unknown,
        permit.days_left,
        case
            when permit.days_left < 0 then 0
            when permit.expires_on is not null then 4 * year(permit.expires_on) + quarter(permit.expires_on)
            else 99999
        end as quarter_no,
        4 * year($business_date) + quarter($business_date) as quarter_now
    from esg.permit as permit
    inner join project on permit.project_id = project.project_id
    where permit.does_expire and coalesce(permit.is_issued, true)
),

near as (
    select * from due
    where quarter_no < quarter_now + 8 or quarter_no = 99999
)

select * from near
