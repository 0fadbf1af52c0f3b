-- one row per report of a post-loan check that was filed, and its place among those of its loan, the newest first
with
report as (
    select
        *,
        row_number() over (
            partition by loan_id order by checked_on desc, filed_at desc nulls last, report_id desc
        ) as place
    from source.check_report
    where checked_on <= $business_date
)

select * from report
