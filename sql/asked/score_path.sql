-- one row per client and month of the last twelve: score and colour on its last night; null where none was run
{% import 'macros/month.sql' as months %}
with
client as (
    select
        client_id,
        branch_id,
        colour
    from warnings.warning
),

month as (
    select
        {{ months.number('day') }} as number,
        day as first_day,
        {{ months.first_day('day', 1) }} - 1 as last_day
    from night.calendar
    where
        day >= {{ months.first_day('$business_date', -11) }}
        and day <= $business_date
        and day = cast(date_trunc('month', day) as date)
),

point as (
    select
        history.client_id,
        month.number,
        least(history.last_night, month.last_day) as night,
        history.score,
        history.colour,
        row_number() over (partition by history.client_id, month.number order by history.last_night desc) as place
    from warnings.score_history as history
    inner join month on history.first_night <= month.last_day and history.last_night >= month.first_day
),

last_point as (
    select * from point
    where place = 1
),

path as (
    select
        client.client_id,
        client.branch_id,
        client.colour as colour_now,
        month.first_day as month,
        last_point.night,
        last_point.score,
        last_point.colour
    from client
    cross join month
    left join last_point on client.client_id = last_point.client_id and month.number = last_point.number
)

select * from path
