-- one row per branch and risk outcome of the loans that its needs became and that were a year old within 365 days
with
aged as (
    select
        branch_id,
        risk_outcome_12m as risk_outcome,
        funded_amt
    from care.need_outcome
    where state = 'a_year_on' and year_on between $business_date - 364 and $business_date
),

branch as (
    select
        branch_id,
        count(*) as of_count
    from aged
    group by branch_id
),

outcome as (
    select
        branch_id,
        risk_outcome,
        count(*) as need_count,
        sum(funded_amt) as funded_amt
    from aged
    group by branch_id, risk_outcome
),

need_risk as (
    select
        outcome.branch_id,
        outcome.risk_outcome,
        case outcome.risk_outcome
            when 'default' then 1
            when 'strained' then 2
            when 'late' then 3
            when 'sound' then 5
            else 4
        end as place,
        cast(outcome.need_count as integer) as need_count,
        cast(branch.of_count as integer) as of_count,
        cast(100.0 * outcome.need_count / nullif(branch.of_count, 0) as decimal(9, 2)) as share_pct,
        cast(outcome.funded_amt as decimal(18, 2)) as funded_amt
    from outcome
    inner join branch on outcome.branch_id = branch.branch_id
)

select * from need_risk
