-- one row per kind of incident: how many within the last year, how many open, and what the penalties came to
with
incident as (
    select * from esg_portfolio.incident_listed
),

counted as (
    select
        kind,
        sum(case when is_recent then 1 else 0 end) as recent_count,
        sum(case when state = 'open' then 1 else 0 end) as open_count,
        sum(case when state = 'not_assessed' then 1 else 0 end) as unknown_count,
        sum(case when is_recent then amount end) as recent_amt,
        max(case when state = 'open' then days_open end) as max_days_open
    from incident
    group by kind
)

select * from counted
