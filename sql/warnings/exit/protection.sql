-- one row per client with a plan: how much of its exposure its collateral can fetch; or why that is not known
-- What is not known of a collateral could only raise it: of one whose known part covers the exposure it is known.
with
line as (
    select
        max(case when protection = 'full' then pct_from end) as full_from,
        max(case when protection = 'part' then pct_from end) as part_from
    from policy.exit_protection
),

supplied as (
    select count(*) = 2 as has_collateral
    from night.supplied
    where table_name in ('collateral', 'collateral_loan') and is_supplied
),

held_back as (
    select * from warnings_exit.held_back
    where measure = 'protection'
),

secured as (
    select
        client_id,
        count(*) as collateral_count,
        sum(realisable_amt) as realisable_amt,
        count(case when realisable_amt is null then 1 end) as unknown_count
    from warnings.exit_collateral
    group by client_id
),

measured as (
    select
        placed.client_id,
        placed.exposure_amt,
        coalesce(secured.collateral_count, 0) as collateral_count,
        cast(case when supplied.has_collateral then coalesce(secured.realisable_amt, 0) end as decimal(38, 2))
            as realisable_amt,
        cast(100 * coalesce(secured.realisable_amt, 0) / nullif(placed.exposure_amt, 0) as decimal(18, 4)) as known_pct,
        case
            when held_back.client_id is not null then 'held_back'
            when placed.exposure_amt is null then 'no_rate'
            when placed.is_written_off then 'written_off'
            when placed.exposure_amt = 0 then 'nothing_owed'
            when not supplied.has_collateral then 'no_collateral_table'
            when secured.unknown_count > 0 then 'no_value'
        end as gap
    from warnings_exit.placed as placed
    cross join supplied
    left join secured on placed.client_id = secured.client_id
    left join held_back on placed.client_id = held_back.client_id
),

settled as (
    select
        client_id,
        collateral_count,
        realisable_amt,
        known_pct,
        case when gap = 'no_value' and known_pct >= line.full_from then null else gap end as gap,
        line.full_from,
        line.part_from
    from measured
    cross join line
),

protection as (
    select
        client_id,
        collateral_count,
        case when gap is null then realisable_amt end as realisable_amt,
        case when gap is null then known_pct end as pct,
        gap,
        case
            when gap is not null then 'not_assessed'
            when known_pct >= full_from then 'full'
            when known_pct >= part_from then 'part'
            else 'low'
        end as protection
    from settled
)

select * from protection
