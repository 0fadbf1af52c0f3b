-- one row per sector with enough companies whose accounts are current: beyond which debt ratio, and below which current
-- ratio, the quarter of them lies that is worst off
with
setting as (
    select max(case when setting = 'peer_count' then value end) as peer_count
    from policy.statement_setting
),

position as (
    select * from features_statement.position
    where is_current and not is_project_company and sector_code is not null
),

spread as (
    select
        position.sector_code,
        count(position.debt_ratio_pct) as debt_peers,
        count(position.current_ratio) as current_peers,
        quantile_cont(position.debt_ratio_pct, 0.75) as debt_ratio_p75_pct,
        quantile_cont(position.current_ratio, 0.25) as current_ratio_p25
    from position
    group by position.sector_code
),

peer as (
    select
        spread.sector_code,
        case when spread.debt_peers >= setting.peer_count then cast(spread.debt_ratio_p75_pct as decimal(18, 4)) end
            as debt_ratio_p75_pct,
        case when spread.current_peers >= setting.peer_count then cast(spread.current_ratio_p25 as decimal(18, 6)) end
            as current_ratio_p25
    from spread
    cross join setting
)

select * from peer
