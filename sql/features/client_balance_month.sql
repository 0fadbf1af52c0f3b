-- one row per client and month with a known deposit balance: fourteen full months, and the running one
{% import 'macros/balance.sql' as balance %}
{% import 'macros/month.sql' as months %}
with
month as (
    select
        day as month,
        {{ months.first_day('day', 1) }} <= $morning as is_full,
        least({{ months.first_day('day', 1) }} - 1, $business_date) as last_day
    from night.calendar
    where
        day >= {{ months.first_day('$business_date', -14) }}
        and day <= $business_date
        and day = cast(date_trunc('month', day) as date)
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
-- clients of whom tonight knows something new about months that were over
changed as (
    select client_id
    from features.balance_move
    where moved_on < cast(date_trunc('month', $parent_date + 1) as date)
    union
    select client_id from features_balance.reread_client
),

-- months that were over, of everybody else: they stand. (The linter does not see where it is joined.)
standing as (  -- noqa: ST03
    select held.*
    from previous.client_balance_month as held
    inner join month on held.month = month.month
    left join changed on held.client_id = changed.client_id
    where held.is_full and changed.client_id is null
),

held as (
    select held.*
    from previous.client_balance_month as held
    left join changed on held.client_id = changed.client_id
    where not held.is_full or changed.client_id is not null
),

-- what the balance of the night before comes to in the days since
carried as (
    select
        state.client_id,
        month.month,
        state.balance_0d_amt
        * date_diff('day', greatest(month.month - 1, $parent_date), month.last_day) as balance_days_sum,
        case when month.month > $parent_date then state.balance_0d_amt else 0 end as month_end_amt
    from previous.balance_state as state
    inner join month on month.last_day > $parent_date
),

moved as (
    select
        move.client_id,
        month.month,
        move.move_amt
        * (
            {{ balance.days_up_to('move.moved_on', 'month.last_day') }}
            - {{ balance.days_up_to('move.moved_on', '(month.month - 1)') }}
        ) as balance_days_sum,
        move.move_amt as month_end_amt
    from features.balance_move as move
    inner join month on move.moved_on <= month.last_day
),

change as (
    select * from carried
    union all
    select * from moved
),

summed_change as (
    select
        client_id,
        month,
        sum(balance_days_sum) as balance_days_sum,
        sum(month_end_amt) as month_end_amt
    from change
    group by client_id, month
),

-- every month that does not stand, also one in which the balance was nothing throughout
told as (
    select
        client.client_id,
        month.month
    from client
    cross join month
    left join changed on client.client_id = changed.client_id
    where month.last_day > $parent_date or changed.client_id is not null
),

summed as (
    select
        told.client_id,
        told.month,
        coalesce(held.balance_days_sum, 0) + coalesce(summed_change.balance_days_sum, 0) as balance_days_sum,
        coalesce(held.month_end_amt, 0) + coalesce(summed_change.month_end_amt, 0) as month_end_amt
    from told
    left join held on told.client_id = held.client_id and told.month = held.month
    left join summed_change on told.client_id = summed_change.client_id and told.month = summed_change.month
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
    from history.balance_move as move
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
        month.month,
        month.last_day
    from client
    cross join month
),

run as (
    select
        client_month.client_id,
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
        month_end_amt
    from run
),
{% endif %}

known as (
    select
        summed.client_id,
        summed.month,
        summed.balance_days_sum,
        summed.month_end_amt,
        date_diff('day', greatest(summed.month, client.first_date), month.last_day) + 1 as day_count,
        month.is_full
    from summed
    inner join month on summed.month = month.month
    inner join client on summed.client_id = client.client_id
    where client.first_date <= month.last_day
),

averaged as (
    select
        client_id,
        month,
        balance_days_sum,
        day_count,
        cast(balance_days_sum / nullif(day_count, 0) as decimal(18, 2)) as avg_amt,
        month_end_amt,
        is_full
    from known
    {% if is_rolled %}
    union all
    select * from standing
    {% endif %}
)

select * from averaged
