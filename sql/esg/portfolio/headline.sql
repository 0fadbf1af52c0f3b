-- one row: the figures at the head of the review of the book; null where nothing that says so is supplied
with
project as (
    select
        count(*) as project_count,
        count(*) - count(exposure_amt) as unknown_count,
        sum(exposure_amt) as exposure_amt,
        sum(approved_amt) as approved_amt
    from esg_portfolio.project
),

late as (
    select
        sum(overdue_count) as overdue_count,
        sum(high_count) as high_count
    from esg_portfolio.overdue_branch
),

permit as (
    select max(case when bucket = 'expired' then permit_count end) as expired_count
    from esg_portfolio.permit_quarter
),

incident as (
    select sum(open_count) as open_count
    from esg_portfolio.incident_kind
),

review as (
    select
        sum(overdue_count) as overdue_count,
        sum(unknown_count) as unknown_count
    from esg_portfolio.review_kind
),

waiting as (
    select count(*) as waiting_count
    from esg_portfolio.approval_waiting
),

returned as (
    select count(*) as returned_count
    from esg_portfolio.rework_waiting
),

open_condition as (
    select
        count(*) as open_count,
        sum(case when is_before_draw then 1 else 0 end) as draw_count
    from esg_portfolio.condition_open
),

supplied as (
    select
        max(case when table_name = 'esg_incident' and is_supplied then 1 else 0 end) = 1 as has_incidents,
        max(case when table_name = 'esg_review' and is_supplied then 1 else 0 end) = 1 as has_reviews
    from night.supplied
),

told as (
    select
        project.project_count,
        project.unknown_count,
        project.exposure_amt,
        project.approved_amt,
        late.overdue_count as actions_overdue,
        late.high_count as actions_overdue_high,
        permit.expired_count as permits_expired,
        case when supplied.has_incidents then coalesce(incident.open_count, 0) end as incidents_open,
        review.overdue_count as reviews_overdue,
        review.unknown_count as reviews_unknown,
        case when supplied.has_reviews or waiting.waiting_count > 0 then waiting.waiting_count end as reviews_waiting,
        case when supplied.has_reviews or returned.returned_count > 0 then returned.returned_count end
            as reviews_returned,
        case when supplied.has_reviews or open_condition.open_count > 0 then open_condition.open_count end
            as conditions_open,
        case when supplied.has_reviews or open_condition.open_count > 0 then coalesce(open_condition.draw_count, 0) end
            as conditions_before_draw
    from project
    cross join late
    cross join permit
    cross join incident
    cross join review
    cross join waiting
    cross join returned
    cross join open_condition
    cross join supplied
)

select * from told
