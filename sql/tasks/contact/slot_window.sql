-- one row per tier and contact window that has begun by the morning, in the running period and the one before
{% import 'macros/month.sql' as months %}
with
cadence as (
    select * from policy.cadence
),

supplied as (
    select count(*) as tables
    from night.supplied
    where table_name = 'contact' and is_supplied
),

morning as (
    select
        cast(date_trunc('month', $morning) as date) as month_start,
        cast({{ months.number('$morning') }} - 1 as integer) as month_index
),

periods as (
    select
        cadence.tier,
        cadence.slot,
        cadence.every_months,
        cadence.from_day,
        cadence.to_day,
        back.periods_back,
        {{ months.first_day(
            'morning.month_start',
            '(-morning.month_index % nullif(cadence.every_months, 0) - back.periods_back * cadence.every_months)'
        ) }} as period_start
    from cadence
    cross join morning
    cross join supplied
    cross join (values (0), (1)) as back (periods_back)
    where supplied.tables > 0
),

bounded as (
    select
        tier,
        slot,
        period_start,
        periods_back,
        period_start + (from_day - 1) as window_start,
        least(
            {{ months.first_day('period_start', '(every_months - 1)') }} + (to_day - 1),
            {{ months.first_day('period_start', 'every_months') }} - 1
        ) as window_end,
        slot = max(slot) over (partition by tier) as is_last_slot
    from periods
),

-- a contact that comes late still fills its window, as long as the tier's next one has not begun
opened as (
    select
        bounded.*,
        greatest(
            window_end,
            lead(window_start, 1, $morning) over (partition by tier order by window_start) - 1
        ) as open_until
    from bounded
    where window_start <= $morning
),

begun as (
    select
        opened.*,
        row_number() over (partition by opened.tier order by opened.window_start desc) as place
    from opened
),

-- due on the last working day of the window
due as (
    select
        begun.*,
        coalesce(last_workday.day, begun.window_end) as due_on
    from begun
    left join night.calendar as window_day on begun.window_end = window_day.day
    left join night.calendar as last_workday
        on
            last_workday.is_workday
            and window_day.workday_index = last_workday.workday_index
            and begun.window_start <= last_workday.day
)

select * from due
