-- one row per client and rule that its colour rests on, as a branch may read it: a signal for risk alone is not named
with
rule as (
    select * from policy.indicator
),

branch_deciding as (
    select distinct
        deciding.client_id,
        deciding.branch_id,
        deciding.colour,
        case when rule.audience = 'risk_only' then 'reserved' else deciding.rule end as rule,
        case when rule.audience = 'risk_only' then null else deciding.subject end as subject,
        deciding.value,
        deciding.line,
        deciding.family_count,
        deciding.family_line
    from warnings.deciding as deciding
    left join rule on deciding.subject = rule.indicator
)

select * from branch_deciding
