-- one row per signal that a branch may read: what its list and its projects' pages tell beside tasks
-- `told_with` are the other signals that its line stands for, by code
{% import 'macros/told.sql' as told %}
with
rule as (
    select
        indicator,
        counts_for_colour,
        is_unproven
    from policy.indicator
),

keyed as (
    select
        signal.client_id,
        signal.indicator,
        {{ told.line_key('signal', 'told_together') | indent(8) }} as line_key
    from warnings.signal as signal
    inner join rule on signal.indicator = rule.indicator
    left join policy.told_together as told_together on signal.indicator = told_together.indicator
    where signal.audience = 'branch' and rule.counts_for_colour
),

beside as (
    select
        keyed.client_id,
        keyed.indicator,
        string_agg(other.indicator, ',' order by other.indicator) as told_with
    from keyed
    inner join keyed as other
        on
            keyed.client_id = other.client_id
            and keyed.line_key = other.line_key
            and keyed.indicator <> other.indicator
    group by keyed.client_id, keyed.indicator
),

branch_signal as (
    select
        signal.*,
        coalesce(rule.is_unproven, false) as is_unproven,
        beside.told_with
    from warnings.signal as signal
    left join rule on signal.indicator = rule.indicator
    left join beside on signal.client_id = beside.client_id and signal.indicator = beside.indicator
    where signal.audience = 'branch'
)

select * from branch_signal
