-- one row per client and date on which what tonight knows changes its deposits: the change, in base currency
with
moved as (
    select
        client_id,
        moved_on,
        move_amt
    from features_balance.account_move
),

{% if is_rolled %}
-- read again in whole: the history's part is taken back
replaced as (
    select
        history.client_id,
        history.moved_on,
        -history.move_amt as move_amt
    from former.balance_move as history
    inner join features_balance.reread_client as reread on history.client_id = reread.client_id
),

both_sides as (
    select * from moved
    union all
    select * from replaced
),
{% else %}
both_sides as (
    select * from moved
),
{% endif %}

summed as (
    select
        client_id,
        moved_on,
        sum(move_amt) as move_amt
    from both_sides
    group by client_id, moved_on
    having sum(both_sides.move_amt) <> 0
)

select * from summed
