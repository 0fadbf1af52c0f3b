-- one row per client and rule that its colour rests on, as a branch may read it: neither a signal for risk alone nor a
-- sum, a count or a weight that has one in it is told
with
rule as (
    select * from policy.indicator
),

-- what of a client is for risk alone, and the heaviest red that its branch may read
hidden as (
    select
        signal.client_id,
        max(case when rule.audience = 'risk_only' then 1 else 0 end) = 1 as is_any,
        max(case when rule.audience = 'risk_only' and signal.severity = 'red' then 1 else 0 end) = 1 as is_red,
        max(case when rule.audience <> 'risk_only' and signal.severity = 'red' then signal.weight end) as told_weight
    from warnings.signal as signal
    inner join rule on signal.indicator = rule.indicator
    where rule.counts_for_colour and signal.severity <> 'blue'
    group by signal.client_id
),

marked as (
    select
        deciding.*,
        case
            when rule.indicator is not null then rule.audience = 'risk_only'
            when deciding.rule in ('score', 'ambers') then coalesce(hidden.is_any, false)
            when deciding.rule = 'reds' then coalesce(hidden.is_red, false)
            when deciding.rule = 'single_red'
                then coalesce(hidden.is_red, false) and coalesce(hidden.told_weight < deciding.value, true)
            else false
        end as is_reserved
    from warnings.deciding as deciding
    left join rule on deciding.subject = rule.indicator
    left join hidden on deciding.client_id = hidden.client_id
),

branch_deciding as (
    select distinct
        client_id,
        branch_id,
        colour,
        case when is_reserved then 'reserved' else rule end as rule,
        case when is_reserved then null else subject end as subject,
        case when is_reserved then null else value end as value,
        case when is_reserved then null else line end as line,
        case when is_reserved then null else family_count end as family_count,
        case when is_reserved then null else family_line end as family_line
    from marked
)

select * from branch_deciding
