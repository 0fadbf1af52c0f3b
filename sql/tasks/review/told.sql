-- one row per kind of review and table that can say that it was done: from which day on it does
with
supplied as (
    select table_name from night.supplied
    where is_supplied
),

contact as (
    select min(occurred_on) as first_day from tasks_contact.contact
),

item as (
    select min(period_end) as first_day from source.esg_item
),

register as (
    select min(due_on) as first_day from staging.report_due
    where kind = 'esg_report'
),

-- a register that never says what came in cannot say that anything did
received as (
    select count(*) as columns
    from night.supplied_column
    where table_name = 'report_due' and column_name = 'received_on'
),

-- the first review that relies on a consultant's report shows that such reports are recorded here
consultant as (
    select min(consultant_on) as first_day from esg.esg_review
    where state in ('approved', 'superseded') and consultant_on <= $business_date
),

counted as (
    select distinct counts_as from policy.esg_review_contact
),

told as (
    select
        counted.counts_as as kind,
        'contact' as told_by,
        contact.first_day
    from counted
    cross join contact
    inner join supplied on supplied.table_name = 'contact'
    union all
    select
        'report' as kind,
        'report_due' as told_by,
        register.first_day
    from register
    inner join supplied on supplied.table_name = 'report_due'
    cross join received
    where register.first_day is not null and received.columns > 0
    union all
    select
        'report' as kind,
        'esg_item' as told_by,
        item.first_day
    from item
    inner join supplied on supplied.table_name = 'esg_item'
    union all
    select
        'consultant' as kind,
        'esg_review' as told_by,
        consultant.first_day
    from consultant
    where consultant.first_day is not null
)

select * from told
