-- one row per company with an open need and a year of accounts: what it earns a year for its debt, and what it pays
-- on it
-- Earned is EBITDA of twelve months. Paid is the interest of those months, and of each term loan here the part of a
-- year of what is left of it (its balance spread over the months that it still runs, at least twelve).
{% import 'macros/month.sql' as months %}
with
client as (
    select distinct client_id
    from care_proposal.need
),

term as (
    select
        client_id,
        sum(
            cast(
                12 * outstanding_amt
                / nullif(
                    greatest({{ months.number('maturity_date') }} - {{ months.number('$business_date') }}, 12), 0
                ) as decimal(18, 2)
            )
        ) as principal_amt,
        count(*) - count(outstanding_amt) as unknown_loans
    from features.loan_state
    where status = 'active' and not coalesce(is_revolving, false)
    group by client_id
),

company_cash as (
    select
        position.client_id,
        position.period_end,
        position.ebitda_12m as cfads_amt,
        case
            when coalesce(term.unknown_loans, 0) = 0
                then position.interest_expense_latest + coalesce(term.principal_amt, 0)
        end as service_amt
    from client
    inner join features_statement.position as position on client.client_id = position.client_id
    left join term on client.client_id = term.client_id
    where position.is_current and position.is_year
)

select * from company_cash
