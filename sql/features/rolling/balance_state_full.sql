-- one row per client with deposits: balance on, and sum of balances up to, each edge day, from all moves (definition)
-- the linter would have what stands in a template's loop or condition less deep than its select
-- noqa: disable=LT02
{% import 'macros/balance.sql' as balance %}
with
moved as (
    select * from history.balance_move
),

summed as (
    select
        client_id,
{% for edge in balance.edges %}
        sum(case when moved_on <= $business_date - {{ edge }} then move_amt else 0 end) as balance_{{ edge }}d_amt,
        sum(move_amt * {{ balance.days_up_to('moved_on', '$business_date - ' ~ edge) }}) as sum_{{ edge }}d_amt
        {{- ',' if not loop.last }}
{% endfor %}
    from moved
    group by client_id
)

select * from summed
