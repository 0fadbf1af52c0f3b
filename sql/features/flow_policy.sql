-- one row per excluded kind of flow: the policy that tonight's flows are sorted by
with
excluded as (
    select
        subject,
        code
    from policy.excluded_flow
)

select * from excluded
