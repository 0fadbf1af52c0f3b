-- one row per client, kind and event that was public by the business date, however often it was reported
-- The newest report holds; where it says no amount, the largest that was said. A later report of an event whose amount
-- or value is 0 says that it is over: lifted, paid, withdrawn.
with
report as (
    select
        *,
        coalesce(event_key, event_id) as event,
        row_number() over (
            partition by client_id, kind, coalesce(event_key, event_id)
            order by published_on desc, event_id desc
        ) as place
    from source.external_event
    where published_on <= $business_date
),

told as (
    select
        client_id,
        kind,
        event,
        min(published_on) as first_on,
        max(amount) as most_amt,
        count(*) as reports
    from report
    group by client_id, kind, event
),

event as (
    select
        report.client_id,
        report.kind,
        report.event,
        report.event_id,
        told.first_on,
        report.published_on as last_on,
        report.role,
        coalesce(report.amount, told.most_amt) as amount,
        report.value,
        report.source,
        told.reports > 1 and coalesce(report.amount = 0 or report.value = 0, false) as is_over,
        'event:' || report.event as event_key,
        'external_event:' || report.event_id as source_keys
    from report
    inner join told
        on report.client_id = told.client_id and report.kind = told.kind and report.event = told.event
    where report.place = 1
)

select * from event
