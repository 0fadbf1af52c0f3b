-- one row per purpose of a transaction of which policy says something: whether it is no flow of business, whether the
-- bank books it by itself, and what it counts as
with
coded as (
    select
        code,
        case when subject = 'purpose' then 1 else 0 end as is_excluded,
        case when subject = 'bank_initiated' then 1 else 0 end as is_bank_initiated,
        cast(null as varchar) as counts_as
    from policy.excluded_flow
    where subject in ('purpose', 'bank_initiated')
    union all
    select
        code,
        0 as is_excluded,
        0 as is_bank_initiated,
        counts_as
    from policy.counted_flow
    where subject = 'purpose'
),

purpose as (
    select
        code,
        max(is_excluded) = 1 as is_excluded,
        max(is_bank_initiated) = 1 as is_bank_initiated,
        max(counts_as) as counts_as
    from coded
    group by code
)

select * from purpose
