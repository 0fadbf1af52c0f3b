-- one row per project and kind of insurance: the policy that runs longest
with
project as (
    select
        project_id,
        client_id,
        branch_id
    from features.project_state
),

ordered as (
    select
        insurance.*,
        row_number() over (
            partition by
                insurance.project_id,
                case when insurance.is_kind_unknown then '' else coalesce(insurance.kind, insurance.insurance_id) end
            order by insurance.expires_on desc, insurance.insurance_id asc
        ) as place
    from staging.insurance as insurance
),

dated as (
    select
        $business_date as business_date,
        project.project_id,
        project.client_id,
        project.branch_id,
        ordered.insurance_id,
        ordered.kind,
        ordered.expires_on,
        date_diff('day', $business_date, ordered.expires_on) as days_left
    from ordered
    inner join project on ordered.project_id = project.project_id
    where ordered.place = 1
)

select * from dated
