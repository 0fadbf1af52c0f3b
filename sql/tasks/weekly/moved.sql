-- one row per client whose deposits rose or fell in the last seven days, with its place among those of its branch
with
moves as (
    select
        client_id,
        moved_on,
        move_amt
    from history.balance_move
),

summed as (
    select
        client_id,
        cast(sum(move_amt) as decimal(18, 2)) as move_amt
    from moves
    where moved_on between $business_date - 6 and $business_date
    group by client_id
),

directed as (
    select
        client.branch_id,
        summed.client_id,
        summed.move_amt,
        case when summed.move_amt > 0 then 'coming' else 'leaving' end as direction
    from summed
    inner join staging.client as client on summed.client_id = client.client_id
    where summed.move_amt <> 0
),

moved as (
    select
        directed.branch_id,
        directed.client_id,
        owner.owner_id as staff_id,
        directed.direction,
        directed.move_amt,
        balance.balance_amt,
        row_number() over (
            partition by directed.branch_id, directed.direction
            order by abs(directed.move_amt) desc, directed.client_id asc
        ) as place
    from directed
    left join tasks.client_owner as owner on directed.client_id = owner.client_id
    left join features.client_balance as balance on directed.client_id = balance.client_id
)

select * from moved
