-- one row per signal that a branch may read: what its list and its projects' pages tell beside tasks
with
rule as (
    select
        indicator,
        is_unproven
    from policy.indicator
),

branch_signal as (
    select
        signal.*,
        coalesce(rule.is_unproven, false) as is_unproven
    from warnings.signal as signal
    left join rule on signal.indicator = rule.indicator
    where signal.audience = 'branch'
)

select * from branch_signal
