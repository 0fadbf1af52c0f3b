-- one row per client with a project that has permits: E04, days until the first runs out, or building without approval
{% import 'macros/indicator.sql' as indicator %}
{% import 'macros/month.sql' as month %}
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

-- the last day on which building had not begun, where the records go back so far
idle as (
    select
        progress.project_id,
        max(progress.as_of_date) as idle_on
    from progress
    inner join started on progress.project_id = started.project_id and progress.as_of_date < started.started_on
    where progress.physical_pct = 0
    group by progress.project_id
),

examined as (
    select
        permit.*,
        started.started_on,
        idle.idle_on,
        case when permit.is_issued then date_diff('day', $business_date, permit.expires_on) end as days_left,
        coalesce(permit.amber_days, rule.amber_value) as amber_line,
        -- an approval that must come before the first spade, not there while the building goes on
        not permit.is_issued
        and coalesce(permit.is_needed_before_building, false)
        and started.started_on is not null as is_unapproved,
        -- one that was left lying so long before it that it has to be reviewed again
        coalesce(
            {{ month.number('idle.idle_on') }} * 31 + day(idle.idle_on)
            > ({{ month.number('permit.issued_on') }} + permit.review_months) * 31 + day(permit.issued_on),
            false
        ) as is_stale
    from permit
    cross join rule
    left join started on permit.project_id = started.project_id
    left join idle on permit.project_id = idle.project_id
),

-- a renewal that is filed for is told on the page of the project, and colours nothing until the permit ends
standing as (
    select
        examined.*,
        coalesce(examined.days_left < 0, false) as is_expired,
        examined.renewal_filed_on is null and not coalesce(examined.is_renewal_unknown, false) as is_unfiled,
        coalesce(examined.days_left between 0 and examined.amber_line, false) as is_near,
        coalesce(examined.days_left between 0 and examined.red_days, false) as is_late
    from examined
),

measured as (
    select
        project.client_id,
        cast(null as varchar) as loan_id,
        project.project_id,
        known.permit_id is not null
        and not (known.is_near and known.renewal_filed_on is null and not known.is_unfiled) as is_assessed,
        known.days_left as value,
        case when known.is_late then known.red_days end as baseline,
        case
            when known.is_unapproved then date_diff('day', known.started_on, $business_date)
            when known.is_stale then date_diff('day', known.issued_on, known.idle_on)
            else abs(known.days_left)
        end as second_value,
        $business_date as data_date,
        coalesce('permit:' || known.permit_id, 'project:' || project.project_id) as source_keys,
        coalesce('permit_kind:' || known.kind || ' ', '') || known.permit_id as label,
        known.amber_line,
        known.is_unapproved,
        known.is_stale,
        known.is_expired,
        known.is_near and known.is_unfiled as is_due,
        known.is_near and not known.is_unfiled as is_filed,
        known.is_late and known.is_unfiled as is_late,
        known.is_expired and coalesce(known.is_operating_critical, false) and known.is_unfiled as is_critical
    from project
    cross join unsupplied
    left join standing as known on project.project_id = known.project_id
    where known.permit_id is not null or unsupplied.tables > 0
),

{{ indicator.judge(
    hard='measured.is_unapproved or measured.is_critical',
    amber_if='(measured.is_due or measured.is_expired)',
    amber_too='measured.is_due or measured.is_stale',
    amber_threshold='case when not measured.is_stale then measured.amber_line end',
    red_too='measured.is_late',
    red_threshold='case when measured.is_expired then rule.red_value when measured.is_late then measured.baseline end',
    reason_case="case
            when measured.is_unapproved then 'unapproved'
            when measured.is_critical then 'expired_critical'
            when measured.is_expired then 'expired'
            when measured.is_late then 'filing_late'
            when measured.is_stale then 'stale'
        end",
    guard_case="case when measured.is_filed then 'renewal_filed' end",
    event_key='measured.source_keys',
    detail='measured.label',
    many=true
) }}

select * from worst
