-- one row per loan and post-loan check that was made up to the business date: a contact with its client, or a report
with
loan as (
    select
        loan_id,
        client_id
    from care_check.loan
),

stated as (
    select count(*) as columns
    from night.supplied_column
    where table_name = 'contact' and column_name = 'channel'
),

-- where nobody says by which channel, a check may have been one on the site
visited as (
    select
        loan.loan_id,
        contact.occurred_on as done_on,
        coalesce(contact_channel.is_face_to_face, false) or stated.columns = 0 as is_on_site,
        'contact:' || contact.contact_id as told_by
    from staging.contact as contact
    inner join loan on contact.client_id = loan.client_id
    cross join stated
    left join policy.contact_channel as contact_channel on contact.channel = contact_channel.channel
    where contact.kind = 'post_loan'
),

reported as (
    select
        loan.loan_id,
        report.checked_on as done_on,
        report.kind <> 'desk_check' as is_on_site,
        'check_report:' || report.report_id as told_by
    from source.check_report as report
    inner join loan on report.loan_id = loan.loan_id
    where report.checked_on <= $business_date
),

done as (
    select * from visited
    union all
    select * from reported
)

select * from done
