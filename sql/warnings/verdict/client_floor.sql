-- one row per client with a loan that is not closed: the worst floor of its loans, the least colour that class sets,
-- and whether what the floor is judged by is withheld tonight or not supplied
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

withheld as (
    select client_id
    from warnings_verdict.withheld
    where rule = 'floor'
),

missing_part as (
    select distinct
        client_id,
        unnest(string_split(not_supplied, ',')) as token
    from loan_floor
    where not_supplied is not null
),

missing as (
    select
        client_id,
        string_agg(token, ',' order by token) as not_supplied
    from missing_part
    group by client_id
),

client_floor as (
    select
        worst_first.client_id,
        worst_first.floor_class,
        worst_first.floor_reason,
        coalesce(colour.rank, 0) as least_rank,
        withheld.client_id is not null as is_withheld,
        missing.not_supplied
    from worst_first
    left join class on worst_first.floor_class = class.asset_class
    left join colour on class.min_colour = colour.colour
    left join withheld on worst_first.client_id = withheld.client_id
    left join missing on worst_first.client_id = missing.client_id
    where worst_first.place = 1
)

select * from client_floor
