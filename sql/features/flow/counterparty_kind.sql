-- one row per kind of counterparty of which policy says something: whether flows with it are none of business, and what
-- it counts as
with
coded as (
    select
        code,
        1 as is_excluded,
        cast(null as varchar) as counts_as
    from policy.excluded_flow
    where subject = 'counterparty_kind'
    union all
    select
        code,
        0 as is_excluded,
        counts_as
    from policy.counted_flow
    where subject = 'counterparty_kind'
),

kind as (
    select
        code,
        max(is_excluded) = 1 as is_excluded,
        max(counts_as) as counts_as
    from coded
    group by code
)

select * from kind
