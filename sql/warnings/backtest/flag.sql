-- one row per measure, night and client that it warned of, with the day since when it stood
with
client_month as (
    select * from warnings_backtest.client_month
),

-- blue is told and does not count
fired as (
    select
        signal.night,
        signal.client_id,
        signal.indicator,
        signal.group_code,
        least(coalesce(signal.first_seen, signal.night), signal.night) as first_seen
    from evaluated.signal as signal
    inner join warnings_backtest.measure as measure on signal.indicator = measure.code and measure.kind = 'indicator'
    where signal.severity in ('amber', 'red')
),

beside_arrears as (
    select
        night,
        client_id,
        min(first_seen) as first_seen
    from fired
    where group_code <> 'P'
    group by night, client_id
),

warned as (
    select
        measure.code,
        client_month.night,
        client_month.client_id,
        client_month.colour_since
    from warnings_backtest.measure as measure
    inner join policy.colour as colour on measure.code = colour.colour
    inner join client_month on colour.rank <= client_month.colour_rank
    where measure.kind = 'colour'
),

flag as (
    select
        'colour' as kind,
        code,
        night,
        client_id,
        colour_since as opened_on
    from warned
    union all
    -- the colour stood, and something other than arrears spoke for it
    select
        'colour_without_arrears' as kind,
        warned.code,
        warned.night,
        warned.client_id,
        greatest(warned.colour_since, beside_arrears.first_seen) as opened_on
    from warned
    inner join beside_arrears
        on warned.client_id = beside_arrears.client_id and warned.night = beside_arrears.night
    union all
    select
        'indicator' as kind,
        fired.indicator as code,
        fired.night,
        fired.client_id,
        fired.first_seen as opened_on
    from fired
    inner join client_month on fired.client_id = client_month.client_id and fired.night = client_month.night
    union all
    -- a yardstick has no memory: it warns from the night on
    select
        kind,
        code,
        night,
        client_id,
        night as opened_on
    from warnings_backtest.equal_workload
)

select * from flag
