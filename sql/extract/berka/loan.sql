-- one row per loan and day it changed: the grant, then each day of repayment; known at the end of that day
-- So a night sees the newest version of its own cut-off: loans granted later do not exist yet, and later
-- repayments have not reduced what is outstanding. The raw status is the loan's final outcome and is never read;
-- asset class and rate are unknown. The amount is the sum of the payments (682 of 682 loans), so every payment is
-- principal. A loan is closed when no more is left than the file's rounding of its payments to whole crowns.
with raw_loan as (
    select * from loan
),

raw_trans as (
    select * from trans
),

grant_row as (
    select
        cast(loan_id as text) as loan_id,
        cast(account_id as text) as account_id,
        cast(date as text) as grant_day,
        cast(duration as integer) as duration,
        cast(round(cast(amount as decimal(18, 2)) * 100) as bigint) as amount_hellers,
        -- payments fall due on the 12th, the first on the first 12th after the grant; months are counted from year 0
        (1900 + cast(substr(cast(date as text), 1, 2) as integer)) * 12
        + cast(substr(cast(date as text), 3, 2) as integer) - 1
        + case when cast(substr(cast(date as text), 5, 2) as integer) < 12 then 0 else 1 end as first_due_month
    from raw_loan
),

repaid as (
    select
        g.loan_id,
        cast(t.date as text) as changed,
        sum(cast(round(cast(t.amount as decimal(18, 2)) * 100) as bigint)) as repaid_hellers
    from raw_trans as t
    inner join grant_row as g on cast(t.account_id as text) = g.account_id
    where trim(t.k_symbol) = 'UVER' and trim(t.type) <> 'PRIJEM' and cast(t.date as text) > g.grant_day
    group by g.loan_id, cast(t.date as text)
),

changed as (
    select
        loan_id,
        grant_day as changed,
        0 as repaid_hellers
    from grant_row
    union all
    select
        loan_id,
        changed,
        repaid_hellers
    from repaid
),

loan_version as (
    select
        loan_id,
        changed,
        sum(repaid_hellers) over (partition by loan_id order by changed) as total_hellers
    from changed
),

loan_state as (
    select
        g.loan_id,
        g.account_id,
        g.grant_day,
        v.changed,
        g.amount_hellers,
        g.first_due_month + g.duration - 1 as last_due_month,
        case
            when g.amount_hellers - v.total_hellers <= 50 * g.duration then 0
            else cast(g.amount_hellers - v.total_hellers as bigint)
        end as outstanding_hellers
    from grant_row as g
    inner join loan_version as v on g.loan_id = v.loan_id
),

mapped as (
    select
        s.loan_id,
        cast(o.client_id as text) as client_id,
        'consumer_loan' as product,
        'CZK' as ccy,
        'false' as is_revolving,
        'none' as day_roll,
        s.account_id as repay_account_id,
        cast(s.amount_hellers / 100 as text) || '.' || substr(cast(100 + s.amount_hellers % 100 as text), 2, 2)
            as limit_amt,
        cast(s.outstanding_hellers / 100 as text) || '.'
        || substr(cast(100 + s.outstanding_hellers % 100 as text), 2, 2) as outstanding_amt,
        '19' || substr(s.grant_day, 1, 2) || '-' || substr(s.grant_day, 3, 2) || '-' || substr(s.grant_day, 5, 2)
            as start_date,
        cast(s.last_due_month / 12 as text) || '-' || substr(cast(101 + s.last_due_month % 12 as text), 2, 2) || '-12'
            as maturity_date,
        case when s.outstanding_hellers = 0 then 'closed' else 'active' end as status,
        '19' || substr(s.changed, 1, 2) || '-' || substr(s.changed, 3, 2) || '-' || substr(s.changed, 5, 2)
        || ' 23:59:59' as known_at
    from loan_state as s
    left join disp as o on s.account_id = cast(o.account_id as text) and o.type = 'OWNER'
)

select * from mapped
