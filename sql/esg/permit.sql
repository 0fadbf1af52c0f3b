-- one row per project permit that no later issue replaces, with the clocks that the law sets it: the last day to file
-- its renewal on, or the months within which building has to begin
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
        permit.document_no,
        permit.evidence_id,
        case when not coalesce(permit.is_issue_unknown, false) then permit.is_issued end as is_issued,
        coalesce(permit.is_renewal_unknown, false) as is_renewal_unknown,
        coalesce(permit.is_evidence_unknown, false) as is_evidence_unknown,
        coalesce(permit.does_expire, true) as does_expire,
        permit.amber_days as notice_days,
        cast(permit.expires_on - permit.red_days * interval '1' day as date) as renewal_due_on,
        permit.review_months as building_months,
        permit.law_zh,
        permit.law_en,
        date_diff('day', $business_date, permit.expires_on) as days_left
    from staging.permit_in_force as permit
    inner join project on permit.project_id = project.project_id
)

select * from dated
