-- one row per open loan: the least class that it can have on the day of the forecast if nothing is paid until then,
-- with the reason (rank null: not known), and the same by its own merits alone
{% import 'macros/five_class.sql' as five_class %}
with
loan as (
    select * from warnings_five_class.loan_ahead
    where pay_on is null
),

own as (
    select * from warnings_five_class.own_ahead
),

{{ five_class.classes() }},

{{ five_class.worst_reasons() }},

own_worst as (
    select
        case_id,
        max(rank) as rank
    from own
    group by case_id
),

forecast as (
    select
        loan.loan_id,
        loan.client_id,
        loan.is_known,
        worst_first.rank,
        worst_first.reason,
        own_worst.rank as own_rank
    from loan
    left join worst_first on loan.case_id = worst_first.case_id and worst_first.place = 1
    left join own_worst on loan.case_id = own_worst.case_id
)

select * from forecast
