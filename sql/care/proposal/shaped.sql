-- one row per bundle that a table was reckoned for: its chosen shape, or that of the first place where there is none
with
measure as (
    select
        *,
        row_number() over (partition by proposal_id order by case when is_chosen then 0 else 1 end, shape) as place
    from night.repayment_measure
),

shaped as (
    select
        proposal_id,
        case when is_chosen then shape end as shape,
        problem,
        amount_amt,
        capacity_amt,
        capacity_down_amt,
        cash_amt,
        min_dscr,
        avg_dscr,
        min_dscr_down,
        life_cover,
        life_cover_down,
        peak_service_amt,
        total_interest_amt,
        average_life_years
    from measure
    where place = 1
)

select * from shaped
