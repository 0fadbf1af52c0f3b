-- one row per post-loan check report that was filed by the business date, with its points that are still open
with
report as (
    select * from source.check_report
    where checked_on <= $business_date
),

loan as (
    select
        loan_id,
        client_id,
        branch_id
    from staging.loan
),

point as (
    select
        report_id,
        count(*) as point_count,
        sum(case when answered_on is null or answered_on > $business_date then 1 else 0 end) as open_count
    from source.check_point
    group by report_id
),

listed as (
    select
        $business_date as business_date,
        loan.branch_id,
        report.report_id,
        report.loan_id,
        loan.client_id,
        report.kind,
        report.checked_on,
        report.filed_at,
        report.prepared_by,
        report.checker_id,
        report.conclusion,
        cast(coalesce(point.point_count, 0) as integer) as point_count,
        cast(coalesce(point.open_count, 0) as integer) as open_count,
        report.facts_hash,
        report.report_hash
    from report
    inner join loan on report.loan_id = loan.loan_id
    left join point on report.report_id = point.report_id
)

select * from listed
