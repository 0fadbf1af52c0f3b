-- one row per announced draw of a loan that insured collateral secures: covers that have run out by then
with
request as (
    select * from care_draw.request
),

rule as (
    select limit_value
    from policy.draw_gate
    where item = 'collateral_insurance'
),

-- collateral that needs no insurance, or of which nobody says until when it is insured, is not counted
counted as (
    select
        request.request_id,
        sum(case when collateral.insured_until < request.wanted_on then 1 else 0 end) as expired,
        string_agg(
            case when collateral.insured_until < request.wanted_on then 'collateral:' || collateral.collateral_id end,
            ', ' order by collateral.collateral_id
        ) as keys
    from request
    inner join source.collateral_loan as link on request.loan_id = link.loan_id
    inner join source.collateral as collateral on link.collateral_id = collateral.collateral_id
    where collateral.insured_until is not null
    group by request.request_id
),

judged as (
    select
        request.request_id,
        true as is_assessed,
        counted.expired <= rule.limit_value as is_met,
        cast(counted.expired as decimal(18, 4)) as value,
        cast(rule.limit_value as decimal(18, 4)) as limit_value,
        coalesce(counted.keys, 'loan:' || request.loan_id) as source_keys
    from request
    cross join rule
    inner join counted on request.request_id = counted.request_id
)

select
    request_id,
    'collateral_insurance' as item,
    is_assessed,
    is_met,
    value,
    limit_value,
    source_keys
from judged
