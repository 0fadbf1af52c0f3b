-- one row per client and full month whose balances tonight completes or corrects: what tonight adds to the month
{% import 'macros/balance.sql' as balance %}
with
month as (
    select
        day as month,
        cast(day + interval '1' month - interval '1' day as date) as last_day
    from night.calendar
    where
        day >= cast(date_trunc('month', $business_date) - interval '14' month as date)
        and day = cast(date_trunc('month', day) as date)
        and cast(day + interval '1' month as date) <= $morning
),

client as (
    select
        client_id,
        min(first_row_date) as first_date
    from features.account_balance
    where is_deposit
    group by client_id
),

{% if is_rolled %}
-- months that end with one of the days since the night before: counted back from the balance of today
closing as (
    select * from month
    where last_day > $parent_date
),

since as (
    select min(month) as day
    from closing
),

later_move as (
    select move.*
    from former.balance_move as move
    inner join since on move.moved_on > since.day
    where move.moved_on > $parent_date - 400
    union all
    select move.*
    from features.balance_move as move
    inner join since on move.moved_on > since.day
),

taken_back as (
    select
        later_move.client_id,
        closing.month,
        sum(case when later_move.moved_on > closing.last_day then later_move.move_amt else 0 end) as after_amt,
        sum(
            case
                when later_move.moved_on <= closing.last_day
                    then later_move.move_amt * date_diff('day', closing.month, later_move.moved_on)
                else 0
            end
        ) as before_days_amt
    from later_move
    inner join closing on later_move.moved_on > closing.month
    group by later_move.client_id, closing.month
),

closed as (
    select
        client.client_id,
        closing.month,
        (coalesce(state.balance_0d_amt, 0) - coalesce(taken_back.after_amt, 0))
        * (date_diff('day', closing.month, closing.last_day) + 1)
        - coalesce(taken_back.before_days_amt, 0) as balance_days_sum,
        date_diff('day', greatest(closing.month, client.first_date), closing.last_day) + 1 as day_count,
        coalesce(state.balance_0d_amt, 0) - coalesce(taken_back.after_amt, 0) as month_end_amt
    from client
    inner join closing on client.first_date <= closing.last_day
    left join features.balance_state as state on client.client_id = state.client_id
    left join taken_back on client.client_id = taken_back.client_id and closing.month = taken_back.month
),

-- what came to light tonight about months that were over
over as (
    select * from month
    where last_day <= $parent_date
),

corrected as (
    select
        move.client_id,
        over.month,
        sum(
            move.move_amt * (
                {{ balance.days_up_to('move.moved_on', 'over.last_day') }}
                - {{ balance.days_up_to('move.moved_on', '(over.month - 1)') }}
            )
        ) as balance_days_sum,
        0 as day_count,
        sum(move.move_amt) as month_end_amt
    from features.balance_move as move
    inner join over on move.moved_on <= over.last_day
    group by move.client_id, over.month
),

held as (
    select
        client_id,
        min(first_row_date) as first_date
    from previous.account_balance
    where is_deposit
    group by client_id
),

known_longer as (
    select
        coalesce(client.client_id, held.client_id) as client_id,
        over.month,
        0 as balance_days_sum,
        case
            when client.first_date <= over.last_day
                then date_diff('day', greatest(over.month, client.first_date), over.last_day) + 1
            else 0
        end - case
            when held.first_date <= over.last_day
                then date_diff('day', greatest(over.month, held.first_date), over.last_day) + 1
            else 0
        end as day_count,
        0 as month_end_amt
    from client
    full outer join held on client.client_id = held.client_id
    inner join over on coalesce(least(client.first_date, held.first_date), client.first_date, held.first_date) <= over.last_day
    where coalesce(client.first_date <> held.first_date, true)
),

each_part as (
    select * from closed
    union all
    select * from corrected
    union all
    select * from known_longer
),

summed as (
    select
        client_id,
        month,
        sum(balance_days_sum) as balance_days_sum,
        sum(day_count) as day_count,
        sum(month_end_amt) as month_end_amt
    from each_part
    group by client_id, month
),
{% else %}
first_month as (
    select min(month) as month
    from month
),

-- all that was moved before the first month is there on its first day
moved as (
    select
        move.client_id,
        greatest(cast(date_trunc('month', move.moved_on) as date), first_month.month) as month,
        greatest(move.moved_on, first_month.month) as moved_on,
        move.move_amt
    from features.balance_move as move
    cross join first_month
),

moved_in_month as (
    select
        moved.client_id,
        moved.month,
        sum(moved.move_amt) as move_amt,
        sum(moved.move_amt * {{ balance.days_up_to('moved.moved_on', 'month.last_day') }}) as move_days_amt
    from moved
    inner join month on moved.month = month.month
    group by moved.client_id, moved.month
),

client_month as (
    select
        client.client_id,
        client.first_date,
        month.month,
        month.last_day
    from client
    cross join month
),

run as (
    select
        client_month.client_id,
        client_month.first_date,
        client_month.month,
        client_month.last_day,
        coalesce(moved_in_month.move_amt, 0) as move_amt,
        coalesce(moved_in_month.move_days_amt, 0) as move_days_amt,
        sum(coalesce(moved_in_month.move_amt, 0)) over (
            partition by client_month.client_id
            order by client_month.month
            rows between unbounded preceding and current row
        ) as month_end_amt
    from client_month
    left join moved_in_month
        on client_month.client_id = moved_in_month.client_id and client_month.month = moved_in_month.month
),

summed as (
    select
        client_id,
        month,
        (month_end_amt - move_amt) * (date_diff('day', month, last_day) + 1) + move_days_amt as balance_days_sum,
        date_diff('day', greatest(month, first_date), last_day) + 1 as day_count,
        month_end_amt
    from run
    where first_date <= last_day
),
{% endif %}

told as (
    select * from summed
    where day_count <> 0 or balance_days_sum <> 0 or month_end_amt <> 0
)

select * from told
