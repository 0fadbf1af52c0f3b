-- one row per signal that a branch may read: what its list and its projects' pages tell beside tasks
-- `told_with` are the other signals that its line stands for, by code
{% import 'macros/told.sql' as told %}
with
rule as (
    select
        indicator,
        is_unproven
    from policy.indicator
),

{{ told.beside() }},

branch_signal as (
    select
        signal.*,
        coalesce(rule.is_unproven, false) as is_unproven,
        beside.told_with,
        begun.opened_on,
        begun.started_on
    from warnings.signal as signal
    inner join warnings_episode.begun as begun
        on signal.client_id = begun.client_id and signal.indicator = begun.indicator
    left join rule on signal.indicator = rule.indicator
    left join beside on signal.client_id = beside.client_id and signal.indicator = beside.indicator
    where signal.audience = 'branch'
)

select * from branch_signal
