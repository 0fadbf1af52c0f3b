-- one row per open need that new money would replace debt for: the loan that it would replace, which the need names or
-- which is the client's only one
-- Of several that none is named of nobody says which is meant, and of debt elsewhere what is paid on it. What it costs
-- a year is reckoned as care_proposal.company_cash does; what it is part of in a project's forecast is not known.
{% import 'macros/month.sql' as months %}
with
setting as (
    select cast(max(case when setting = 'working_loan_days' then value end) as integer) as working_loan_days
    from policy.proposal_setting
),

-- needs that are met by nothing but replacing
kind as (
    select need_kind
    from policy.bundle
    group by need_kind
    having min(case when is_relief then 1 else 0 end) = 1
),

need as (
    select
        need.need_id,
        need.client_id,
        need.refinances_loan_id,
        need.asked_amt,
        need.projects
    from care_proposal.need as need
    inner join kind on need.kind = kind.need_kind
),

state as (
    select
        *,
        {{ months.number('maturity_date') }} as maturity_no
    from features.loan_state
    where status = 'active'
),

-- a loan that the need names has to be the client's own, and one that still runs
loan as (
    select
        need.need_id,
        count(*) as loans,
        min(loan.outstanding_amt) as outstanding_amt,
        min(
            cast(loan.outstanding_amt * loan.rate_pct * 0.01 as decimal(18, 2))
            + case
                when coalesce(loan.is_revolving, false) then 0
                else cast(
                    12 * loan.outstanding_amt
                    / nullif(greatest(loan.maturity_no - {{ months.number('$business_date') }}, 12), 0)
                    as decimal(18, 2)
                )
            end
        ) as service_amt,
        min(
            case
                when
                    coalesce(loan.is_revolving, false)
                    or date_diff('day', loan.start_date, loan.maturity_date) <= setting.working_loan_days
                    then 1
                else 0
            end
        ) = 1 as is_working_loan
    from need
    cross join setting
    inner join state as loan
        on
            need.client_id = loan.client_id
            and (need.refinances_loan_id is null or need.refinances_loan_id = loan.loan_id)
    group by need.need_id
),

-- what is asked for beyond the loan is new money; of a loan that is more than that, its part
told as (
    select
        need.need_id,
        coalesce(loan.loans, 0) as loans,
        case
            when need.projects = 0 and loan.loans = 1 and loan.outstanding_amt > 0 and need.asked_amt > 0
                then least(need.asked_amt, loan.outstanding_amt)
        end as replaced_amt,
        loan.outstanding_amt,
        loan.service_amt,
        loan.is_working_loan
    from need
    left join loan on need.need_id = loan.need_id
),

replaced as (
    select
        need_id,
        loans,
        cast(replaced_amt as decimal(18, 2)) as replaced_amt,
        cast(
            service_amt * cast(replaced_amt / nullif(outstanding_amt, 0) as decimal(18, 6)) as decimal(18, 2)
        ) as service_amt,
        case when is_working_loan then 1 else 0 end * cast(replaced_amt as decimal(18, 2)) as working_loan_amt
    from told
)

select * from replaced
