-- one row per loan and monthly payment of its plan, known from the day the loan was granted
-- All 123 repayments in the ledger are booked on a 12th, the first on the first 12th after the grant: that is the
-- due day. The loan file rounds the payment to whole crowns, the standing order that collects it does not (3373.00
-- against 3372.70), and what is collected is what is owed: taking the rounded figure would leave 0.30 unpaid every
-- month. The standing order counts where it is within that rounding (all 682 loans), the loan's own figure
-- otherwise. The last payment settles the difference, so that a plan adds up to the loan's amount to the heller.
-- paid_amt and paid_on are left out: they would tell every night what was paid later. The table payment says it by
-- date.
with recursive raw_loan as (
    select * from loan
),

raw_order as (
    select * from "order"
),

grant_row as (
    select
        cast(loan_id as text) as loan_id,
        cast(account_id as text) as account_id,
        cast(date as text) as grant_day,
        cast(duration as integer) as duration,
        cast(round(cast(amount as decimal(18, 2)) * 100) as bigint) as amount_hellers,
        cast(round(cast(payments as decimal(18, 2)) * 100) as bigint) as payment_hellers,
        (1900 + cast(substr(cast(date as text), 1, 2) as integer)) * 12
        + cast(substr(cast(date as text), 3, 2) as integer) - 1
        + case when cast(substr(cast(date as text), 5, 2) as integer) < 12 then 0 else 1 end as first_due_month
    from raw_loan
),

standing_order as (
    select
        cast(account_id as text) as account_id,
        cast(round(cast(amount as decimal(18, 2)) * 100) as bigint) as order_hellers
    from raw_order
    where trim(k_symbol) = 'UVER'
),

collected as (
    select
        g.loan_id,
        min(o.order_hellers) as order_hellers
    from grant_row as g
    inner join standing_order as o on g.account_id = o.account_id
    where abs(o.order_hellers - g.payment_hellers) <= 50
    group by g.loan_id
),

planned as (
    select
        g.loan_id,
        g.grant_day,
        g.duration,
        g.amount_hellers,
        g.first_due_month,
        coalesce(c.order_hellers, g.payment_hellers) as payment_hellers
    from grant_row as g
    left join collected as c on g.loan_id = c.loan_id
),

longest as (
    select max(duration) as duration from planned
),

number (n) as (
    select 1
    union all
    select number.n + 1
    from number
    inner join longest on number.n < longest.duration
),

due as (
    select
        p.loan_id,
        p.grant_day,
        p.first_due_month + m.n - 1 as due_month,
        case
            when m.n < p.duration then p.payment_hellers
            else p.amount_hellers - (p.duration - 1) * p.payment_hellers
        end as due_hellers
    from planned as p
    inner join number as m on p.duration >= m.n
),

mapped as (
    select
        loan_id,
        'principal' as kind,
        cast(due_month / 12 as text) || '-' || substr(cast(101 + due_month % 12 as text), 2, 2) || '-12' as due_date,
        cast(due_hellers / 100 as text) || '.' || substr(cast(100 + due_hellers % 100 as text), 2, 2) as due_amt,
        '19' || substr(grant_day, 1, 2) || '-' || substr(grant_day, 3, 2) || '-' || substr(grant_day, 5, 2)
        || ' 23:59:59' as known_at
    from due
)

select * from mapped
