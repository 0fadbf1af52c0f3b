-- one row per project, kind of review and day on which it was done, with the table that says so: another table that
-- records reviews is one more select here
with
project as (
    select
        project_id,
        client_id
    from tasks_review.reviewed
),

-- a contact is with a client: it counts for each of its projects
by_contact as (
    select
        project.project_id,
        counted.counts_as as kind,
        contact.occurred_on as done_on,
        'contact' as told_by
    from tasks_contact.contact as contact
    inner join policy.esg_review_contact as counted
        on contact.kind = counted.contact_kind and contact.channel = counted.channel
    inner join project on contact.client_id = project.client_id
    where contact.is_two_way and contact.occurred_on <= $business_date
),

-- the bank's own register of what is due
by_register as (
    select
        project.project_id,
        'report' as kind,
        report_due.received_on as done_on,
        'report_due' as told_by
    from staging.report_due as report_due
    inner join project
        on
            report_due.client_id = project.client_id
            and coalesce(report_due.project_id, project.project_id) = project.project_id
    where report_due.kind = 'esg_report' and report_due.received_on is not null
),

-- figures of a period with evidence are that period's report
by_item as (
    select
        project.project_id,
        'report' as kind,
        item.period_end as done_on,
        'esg_item' as told_by
    from source.esg_item as item
    inner join project on item.project_id = project.project_id
    where item.period_end <= $business_date
),

-- a review that another person approved was made; one that is superseded was as well
signed as (
    select
        review.project_id,
        review.approved_on,
        review.consultant_on,
        review.site_visit_on
    from esg.esg_review as review
    inner join project on review.project_id = project.project_id
    where review.state in ('approved', 'superseded')
),

by_review as (
    select
        project_id,
        'desk_review' as kind,
        approved_on as done_on,
        'esg_review' as told_by
    from signed
    union all
    select
        project_id,
        'event_review' as kind,
        approved_on as done_on,
        'esg_review' as told_by
    from signed
    union all
    select
        project_id,
        'consultant' as kind,
        consultant_on as done_on,
        'esg_review' as told_by
    from signed
    where consultant_on <= $business_date
    union all
    select
        project_id,
        'site_visit' as kind,
        site_visit_on as done_on,
        'esg_review' as told_by
    from signed
    where site_visit_on <= $business_date
),

done as (
    select * from by_contact
    union all
    select * from by_review
    union all
    select * from by_register
    union all
    select * from by_item
),

distinct_done as (
    select distinct
        project_id,
        kind,
        done_on,
        told_by
    from done
)

select * from distinct_done
