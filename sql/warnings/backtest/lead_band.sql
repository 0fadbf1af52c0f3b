-- one row per colour, with and without arrears, and band of days: how many events an open warning led by so much
with
setting as (
    select
        max(case when setting = 'lead_band_days' then cast(value as integer) end) as band_days,
        max(case when setting = 'horizon_days' then cast(value as integer) end) as horizon_days
    from policy.evaluation_setting
),

-- the last band has all that lies beyond the horizon
banded as (
    select
        told.kind,
        told.code,
        least(told.lead_days, setting.horizon_days) // nullif(setting.band_days, 0) * setting.band_days as from_days
    from warnings_backtest.event_told as told
    cross join setting
    where told.kind in ('colour', 'colour_without_arrears') and told.lead_days is not null
),

lead_band as (
    select
        kind,
        code,
        from_days,
        count(*) as events
    from banded
    group by kind, code, from_days
)

select * from lead_band
