-- one row per client with a project that has permits: E04, days until the first runs out, or building without approval
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'E04'
),

project as (
    select * from features.project_state
),

permit as (
    select * from staging.permit_in_force
),

progress as (
    select * from staging.project_progress
),

kind as (
    select * from policy.permit_kind
),

supplied as (
    select * from night.supplied
),

unsupplied as (
    select count(*) as tables
    from supplied
    where table_name = 'permit' and not is_supplied
),

started as (
    select
        project_id,
        min(as_of_date) as started_on
    from progress
    where physical_pct > 0
    group by project_id
),

-- an approval that must come before the first spade, not there while the building goes on
examined as (
    select
        permit.*,
        started.started_on,
        not permit.is_issued
        and coalesce(kind.is_needed_before_building, false)
        and started.started_on is not null as is_unapproved,
        coalesce(permit.expires_on < $business_date, false) as is_expired
    from permit
    left join started on permit.project_id = started.project_id
    left join kind on lower(trim(permit.kind)) = kind.kind
),

measured as (
    select
        project.client_id,
        cast(null as varchar) as loan_id,
        project.project_id,
        examined.permit_id is not null as is_assessed,
        case when examined.is_issued then date_diff('day', $business_date, examined.expires_on) end as value,
        cast(null as decimal(18, 4)) as baseline,
        case
            when examined.is_unapproved then date_diff('day', examined.started_on, $business_date)
            else abs(date_diff('day', $business_date, examined.expires_on))
        end as second_value,
        $business_date as data_date,
        coalesce('permit:' || examined.permit_id, 'project:' || project.project_id) as source_keys,
        coalesce(examined.kind || ' ', '') || examined.permit_id as label,
        examined.is_unapproved,
        examined.is_expired,
        examined.is_expired
        and coalesce(examined.is_operating_critical, false)
        and examined.renewal_filed_on is null
        and not coalesce(examined.is_renewal_unknown, false) as is_critical
    from project
    cross join unsupplied
    left join examined on project.project_id = examined.project_id
    where examined.permit_id is not null or unsupplied.tables > 0
),

{{ indicator.judge(
    hard='measured.is_unapproved or measured.is_critical',
    red_threshold='case when measured.is_expired then rule.red_value end',
    reason_case="case
            when measured.is_unapproved then 'unapproved'
            when measured.is_critical then 'expired_critical'
            when measured.is_expired then 'expired'
        end",
    event_key='measured.source_keys',
    detail='measured.label',
    many=true
) }}

select * from worst
