-- one row per tier, kind of contact and window: the next one, the running one, and those of the last months
{% import 'macros/month.sql' as months %}
with
-- fixed contacts lie in parts of a period; a visit, and the one more of the watch list, may be made on any day of it
cadence as (
    select
        'fixed' as kind,
        tier,
        slot,
        every_months,
        from_day,
        to_day
    from policy.cadence
    union all
    select
        kind,
        tier,
        1 as slot,
        every_months,
        1 as from_day,
        31 as to_day
    from policy.visit_cadence
),

setting as (
    select cast(max(case when setting = 'contact_history_months' then value end) as integer) as history_months
    from policy.task_setting
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

-- how many months of the running period lie behind, for periods of one to twelve months
begun_period as (
    {% for every_months in range(1, 13) %}
    select
        {{ every_months }} as every_months,
        morning.month_index % {{ every_months }} as months_in
    from morning
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

-- the period before the running one is looked at however long it is
periods as (
    select
        cadence.kind,
        cadence.tier,
        cadence.slot,
        cadence.every_months,
        cadence.from_day,
        cadence.to_day,
        {{ months.first_day(
            'morning.month_start',
            '(-begun_period.months_in - back.periods_back * cadence.every_months)'
        ) }} as period_start
    from cadence
    inner join begun_period on cadence.every_months = begun_period.every_months
    cross join morning
    cross join supplied
    cross join setting
    cross join (
        values (-1), (0), (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12)
    ) as back (periods_back)
    where
        supplied.tables > 0
        and (back.periods_back <= 1 or back.periods_back * cadence.every_months <= setting.history_months)
),

bounded as (
    select
        kind,
        tier,
        slot,
        period_start,
        period_start + (from_day - 1) as window_start,
        least(
            {{ months.first_day('period_start', '(every_months - 1)') }} + (to_day - 1),
            {{ months.first_day('period_start', 'every_months') }} - 1
        ) as window_end,
        slot = max(slot) over (partition by tier, kind) as is_last_slot
    from periods
),

-- a contact that comes late still fills its window, as long as the tier's next one has not begun
opened as (
    select
        bounded.*,
        greatest(
            window_end,
            coalesce(lead(window_start) over (partition by tier, kind order by window_start) - 1, window_end)
        ) as open_until,
        row_number() over (partition by tier, kind order by window_start desc)
        - sum(case when window_start > $morning then 1 else 0 end) over (partition by tier, kind) as place
    from bounded
),

-- due on the last working day of the window; of days that no calendar covers yet that is a guess, made anew each night
due as (
    select
        opened.kind,
        opened.tier,
        opened.slot,
        opened.period_start,
        opened.window_start,
        opened.window_end,
        opened.is_last_slot,
        opened.open_until,
        cast(opened.place as integer) as place,
        coalesce(last_workday.day, opened.window_end) as due_on,
        coalesce(window_day.is_provisional, true) as is_provisional
    from opened
    left join night.calendar as window_day on opened.window_end = window_day.day
    left join night.calendar as last_workday
        on
            last_workday.is_workday
            and window_day.workday_index = last_workday.workday_index
            and opened.window_start <= last_workday.day
    where opened.place >= 0
)

select * from due
