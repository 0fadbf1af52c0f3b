-- one row per draw within reach: its first check is due so many days after it, and any check since answers it
with
loan as (
    select * from care_check.loan
),

told as (
    select * from care_check.told
),

setting as (
    select
        cast(max(case when setting = 'first_check_days' then value end) as integer) as first_check_days,
        cast(max(case when setting = 'first_check_reach_days' then value end) as integer) as reach_days,
        max(case when setting = 'large_draw_amt' then value end) as large_draw_amt
    from policy.post_loan_setting
),

rate as (
    select
        loan_id,
        rate
    from staging.loan
),

draw as (
    select
        loan.loan_id,
        loan.stage,
        drawn.disbursement_id,
        drawn.drawn_on,
        loan.class = 'project_construction' and drawn.amount * coalesce(rate.rate, 1) >= setting.large_draw_amt
            as is_on_site,
        setting.first_check_days
    from source.disbursement as drawn
    inner join loan on drawn.loan_id = loan.loan_id
    cross join setting
    left join rate on drawn.loan_id = rate.loan_id
    where
        drawn.drawn_on <= $business_date
        and date_diff('day', drawn.drawn_on, $business_date) <= setting.reach_days
        and drawn.drawn_on >= loan.known_from
),

answered as (
    select
        draw.disbursement_id,
        min(done.done_on) as done_on
    from draw
    inner join care_check.done as done
        on
            draw.loan_id = done.loan_id
            and draw.drawn_on <= done.done_on
            and (done.is_on_site or not draw.is_on_site)
    group by draw.disbursement_id
),

due as (
    select
        draw.loan_id,
        'first_check' as kind,
        draw.disbursement_id as subject,
        cast(draw.drawn_on + draw.first_check_days * interval '1' day as date) as due_on,
        answered.done_on,
        draw.stage,
        draw.first_check_days as interval_days,
        case when draw.is_on_site then 'large_draw_on_site' else 'bank_rule' end as basis,
        case when not told.is_check_told then 'not_recorded' end as unknown
    from draw
    cross join told
    left join answered on draw.disbursement_id = answered.disbursement_id
),

-- nobody says when it was drawn: that a check was owed is known, and not when
untold as (
    select
        loan.loan_id,
        'first_check' as kind,
        '' as subject,
        cast(null as date) as due_on,
        cast(null as date) as done_on,
        loan.stage,
        setting.first_check_days as interval_days,
        'bank_rule' as basis,
        'draws_not_supplied' as unknown
    from loan
    cross join setting
    cross join told
    where not told.is_draw_told
),

gathered as (
    select * from due
    union all
    select * from untold
)

select * from gathered
