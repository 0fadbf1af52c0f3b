-- one row per manual tier decision, with whether it may be used
with
override as (
    select * from source.override
),

setting as (
    select max(case when setting = 'override_max_days' then value end) as max_days
    from policy.tier_setting
),

checked as (
    select
        override.*,
        case
            when override.approved_by is null then 'not_approved'
            when override.approved_by = override.requested_by then 'self_approved'
            when override.valid_to < override.valid_from then 'ends_before_it_begins'
            when date_diff('day', override.valid_from, override.valid_to) > setting.max_days then 'too_long'
        end as refused_because
    from override
    cross join setting
),

judged as (
    select
        checked.*,
        refused_because is null as is_valid
    from checked
)

select * from judged
