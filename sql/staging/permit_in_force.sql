-- one row per permit that no later issue of its kind replaces: whether it is issued and renewed, and when it ends
with
permit as (
    select * from source.permit
),

issue_column as (
    select count(*) as is_supplied
    from night.supplied_column
    where table_name = 'permit' and column_name = 'issued_on'
),

renewal_column as (
    select count(*) as is_supplied
    from night.supplied_column
    where table_name = 'permit' and column_name = 'renewal_filed_on'
),

evidence_column as (
    select count(*) as is_supplied
    from night.supplied_column
    where table_name = 'permit' and column_name = 'evidence_id'
),

unreadable as (
    select
        row_key,
        max(case when column_name = 'issued_on' then 1 else 0 end) = 1 as is_issue,
        max(case when column_name = 'renewal_filed_on' then 1 else 0 end) = 1 as is_renewal,
        max(case when column_name = 'evidence_id' then 1 else 0 end) = 1 as is_evidence
    from night.withheld
    where table_name = 'permit' and column_name in ('issued_on', 'renewal_filed_on', 'evidence_id')
    group by row_key
),

kind as (
    select * from policy.permit_kind
),

-- a permit without a date of issue counts as issued when it has a term, or when that date is not to be had
as_of_night as (
    select
        permit.permit_id,
        permit.project_id,
        permit.kind,
        permit.is_operating_critical,
        case when permit.issued_on <= $business_date then permit.issued_on end as issued_on,
        permit.expires_on,
        case when permit.renewal_filed_on <= $business_date then permit.renewal_filed_on end as renewal_filed_on,
        permit.document_no,
        permit.evidence_id,
        case
            when permit.issued_on is not null then permit.issued_on <= $business_date
            else
                permit.expires_on is not null
                or issue_column.is_supplied = 0
                or coalesce(unreadable.is_issue, false)
        end as is_issued,
        permit.issued_on is null and (issue_column.is_supplied = 0 or coalesce(unreadable.is_issue, false))
            as is_issue_unknown,
        renewal_column.is_supplied = 0 or coalesce(unreadable.is_renewal, false) as is_renewal_unknown,
        permit.evidence_id is null and (evidence_column.is_supplied = 0 or coalesce(unreadable.is_evidence, false))
            as is_evidence_unknown
    from permit
    cross join issue_column
    cross join renewal_column
    cross join evidence_column
    left join unreadable on permit.permit_id = unreadable.row_key
),

-- where a date of issue is unknown, the one that runs longer is the later
replaced as (
    select distinct older.permit_id
    from as_of_night as older
    inner join as_of_night as newer
        on
            older.project_id = newer.project_id
            and older.kind = newer.kind
            and older.is_issued
            and newer.is_issued
            and (newer.expires_on is null or older.expires_on < newer.expires_on)
            and (
                older.issued_on < newer.issued_on
                or ((older.issued_on is null or newer.issued_on is null) and older.expires_on is not null)
            )
            and older.permit_id <> newer.permit_id
),

-- an approval that does not run out has no end, whatever date is written on it
in_force as (
    select
        as_of_night.permit_id,
        as_of_night.project_id,
        as_of_night.kind,
        as_of_night.is_operating_critical,
        as_of_night.issued_on,
        case when coalesce(kind.does_expire, true) then as_of_night.expires_on end as expires_on,
        as_of_night.renewal_filed_on,
        as_of_night.document_no,
        as_of_night.evidence_id,
        as_of_night.is_issued,
        as_of_night.is_issue_unknown,
        as_of_night.is_renewal_unknown,
        as_of_night.is_evidence_unknown,
        coalesce(kind.does_expire, true) as does_expire,
        coalesce(kind.is_needed_before_building, false) as is_needed_before_building,
        kind.amber_days,
        kind.red_days,
        kind.review_months,
        kind.law_zh,
        kind.law_en
    from as_of_night
    left join replaced on as_of_night.permit_id = replaced.permit_id
    left join kind on lower(trim(as_of_night.kind)) = kind.kind
    where replaced.permit_id is null
)

select * from in_force
