-- one row per client with deposits: last night's state, moved on by the days since, and by what came to light tonight
-- the linter would have what stands in a template's loop or condition less deep than its select
-- noqa: disable=LT02
{% import 'macros/balance.sql' as balance %}
with
held as (
    select * from previous.balance_state
),

-- held moves that an edge day passes: on each edge the balance of the days since is last night's, plus these
{% for edge in balance.edges %}
passed_{{ edge }} as (
    select
        client_id,
        {{ edge }} as edge,
        move_amt,
        move_amt * {{ balance.days_up_to('moved_on', '$business_date - ' ~ edge) }} as move_days_amt
    from former.balance_move
    where moved_on > $parent_date - {{ edge }} and moved_on <= $business_date - {{ edge }}
),

{% endfor %}
moved as (
{% for edge in balance.edges %}
    select * from passed_{{ edge }}
    union all
    select
        client_id,
        {{ edge }} as edge,
        move_amt,
        move_amt * {{ balance.days_up_to('moved_on', '$business_date - ' ~ edge) }} as move_days_amt
    from features.balance_move
    where moved_on <= $business_date - {{ edge }}
    {{ 'union all' if not loop.last }}
{% endfor %}
),

per_client as (
    select
        client_id,
{% for edge in balance.edges %}
        sum(case when edge = {{ edge }} then move_amt else 0 end) as balance_{{ edge }}d_amt,
        sum(case when edge = {{ edge }} then move_days_amt else 0 end) as sum_{{ edge }}d_amt
        {{- ',' if not loop.last }}
{% endfor %}
    from moved
    group by client_id
),

rolled as (
    select
        coalesce(held.client_id, per_client.client_id) as client_id,
{% for edge in balance.edges %}
        coalesce(held.balance_{{ edge }}d_amt, 0) + coalesce(per_client.balance_{{ edge }}d_amt, 0)
            as balance_{{ edge }}d_amt,
        coalesce(held.sum_{{ edge }}d_amt, 0)
        + coalesce(held.balance_{{ edge }}d_amt, 0) * date_diff('day', $parent_date, $business_date)
        + coalesce(per_client.sum_{{ edge }}d_amt, 0) as sum_{{ edge }}d_amt{{ ',' if not loop.last }}
{% endfor %}
    from held
    full outer join per_client on held.client_id = per_client.client_id
)

select * from rolled
