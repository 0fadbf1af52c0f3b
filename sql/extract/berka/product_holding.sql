-- one row per client with a card, an owner's or a disponent's, known from the end of the day it was issued
-- Accounts and loans are products too; they speak for themselves in their own tables.
with raw_disp as (
    select * from disp
),

raw_card as (
    select * from card
),

first_issue as (
    select
        cast(d.client_id as text) as client_id,
        min(substr(cast(c.issued as text), 1, 6)) as issue_day
    from raw_disp as d
    inner join raw_card as c on d.disp_id = c.disp_id
    group by cast(d.client_id as text)
),

mapped as (
    select
        client_id,
        'card' as product,
        '19' || substr(issue_day, 1, 2) || '-' || substr(issue_day, 3, 2) || '-' || substr(issue_day, 5, 2) as since,
        '19' || substr(issue_day, 1, 2) || '-' || substr(issue_day, 3, 2) || '-' || substr(issue_day, 5, 2)
        || ' 23:59:59' as known_at
    from first_issue
)

select * from mapped
