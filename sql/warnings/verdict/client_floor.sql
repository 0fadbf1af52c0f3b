-- one row per client with a loan that is not closed: the worst floor of its loans, and the least colour that class sets
with
loan_floor as (
    select * from warnings.loan_floor
),

class as (
    select * from policy.asset_class
),

colour as (
    select * from policy.colour
),

worst_first as (
    select
        *,
        row_number() over (
            partition by client_id
            order by floor_rank desc, case when floor_reason = 'asset_class' then 1 else 0 end asc, loan_id asc
        ) as place
    from loan_floor
),

client_floor as (
    select
        worst_first.client_id,
        worst_first.floor_class,
        worst_first.floor_reason,
        coalesce(colour.rank, 0) as least_rank
    from worst_first
    left join class on worst_first.floor_class = class.asset_class
    left join colour on class.min_colour = colour.colour
    where worst_first.place = 1
)

select * from client_floor
