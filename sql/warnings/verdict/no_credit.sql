-- one row per client of which no money of the bank is seen at risk, nor of its group: it has no colour to give
-- Owed, committed, overdrawn, guaranteed or financed as a project: each is credit, and what cannot be counted may be.
-- `is_known` is false where a row that is kept back may say otherwise, or where the bank supplies no loans: unknown is
-- not none.
with
client as (
    select
        client_id,
        group_id
    from staging.client
),

loan as (
    select * from features.loan_state
    where status <> 'closed'
),

-- a loan that is repaid and can be drawn no more is none; a balance without a rate, or an unknown limit, may be
lent as (
    select
        client_id,
        loan_id
    from loan
    where
        status = 'written_off'
        or not is_assessed
        or outstanding_amt > 0
        or undrawn_amt > 0
        or overdue_amt > 0
        or (limit_amt is null and coalesce(is_revolving, true))
),

overdrawn as (
    select held.client_id
    from features.account_balance as held
    inner join features_balance.known_account as known on held.account_id = known.account_id
    where
        held.is_open
        and (held.overdraft_limit > 0 or (known.known_from is not null and held.balance_amt < 0))
),

-- what the client has put up itself is not at risk; what the bank has paid for it is
offbalance as (
    select client_id
    from source.offbalance
    where
        (amount > coalesce(margin_amt, 0) and coalesce(expires_on >= $business_date, true))
        or coalesce(advanced_amt, amount) > 0 and advanced_on <= $business_date
),

guarantor as (
    select guarantee.guarantor_client_id as client_id
    from source.guarantee as guarantee
    inner join lent on guarantee.loan_id = lent.loan_id
    where coalesce(guarantee.amount > 0, true)
),

-- debt that is promised to a project is owed as soon as it is drawn; one whose loans are all repaid has none
project as (
    select client_id
    from features.project_state
    where coalesce(debt_commit_amt > 0, true) and not coalesce(loan_count = 0 and drawn_amt > 0, false)
),

-- of a row that is kept back nobody knows what it owes
withheld as (
    select client_id
    from night.withheld
    where client_id is not null and table_name in ('loan', 'offbalance', 'guarantee', 'project')
),

own as (
    select client_id from lent
    union
    select client_id from overdrawn
    union
    select client_id from offbalance
    union
    select client_id from guarantor
    union
    select client_id from project
),

group_at_risk as (
    select distinct client.group_id
    from client
    inner join own on client.client_id = own.client_id
    where client.group_id is not null
),

group_withheld as (
    select distinct client.group_id
    from client
    inner join withheld on client.client_id = withheld.client_id
    where client.group_id is not null
),

held_back as (
    select distinct client_id from withheld
),

unsupplied as (
    select count(*) as tables
    from night.supplied
    where table_name = 'loan' and not is_supplied
),

no_credit as (
    select
        client.client_id,
        held_back.client_id is null and group_withheld.group_id is null and unsupplied.tables = 0 as is_known
    from client
    cross join unsupplied
    left join own on client.client_id = own.client_id
    left join group_at_risk on client.group_id = group_at_risk.group_id
    left join held_back on client.client_id = held_back.client_id
    left join group_withheld on client.group_id = group_withheld.group_id
    where own.client_id is null and group_at_risk.group_id is null
)

select * from no_credit
