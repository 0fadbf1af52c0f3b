-- one row per subject and verdict that fits it
with
rule as (
    select * from policy.decision_rule
),

fitting as (
    select distinct
        subject,
        verdict
    from rule
)

select * from fitting
