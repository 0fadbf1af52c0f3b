-- one row per project permit that no later issue replaces
with
project as (
    select
        project_id,
        client_id,
        branch_id
    from features.project_state
),

dated as (
    select
        $business_date as business_date,
        project.project_id,
        project.client_id,
        project.branch_id,
        permit.permit_id,
        permit.kind,
        permit.is_operating_critical,
        permit.issued_on,
        permit.expires_on,
        permit.renewal_filed_on,
        case when not coalesce(permit.is_issue_unknown, false) then permit.is_issued end as is_issued,
        coalesce(permit.is_renewal_unknown, false) as is_renewal_unknown,
        coalesce(permit.does_expire, true) as does_expire,
        permit.amber_days as notice_days,
        date_diff('day', $business_date, permit.expires_on) as days_left
    from staging.permit_in_force as permit
    inner join project on permit.project_id = project.project_id
)

select * from dated
