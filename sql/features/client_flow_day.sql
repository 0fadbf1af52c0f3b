-- one row per client and day of the last 300 on which it paid wages, drew cash or dealt with a lender
with
day as (
    select * from {{ 'features.client_day' if is_rolled else 'history.client_day' }}
    where booked_on > $business_date - 300
),

per_day as (
    select
        client_id,
        booked_on,
        payroll_amt,
        payroll_count,
        cash_amt,
        lender_inflow_amt,
        private_lender_amt,
        private_lender_count
    from day
    where
        payroll_count <> 0 or payroll_amt <> 0 or cash_amt <> 0 or lender_inflow_amt <> 0
        or private_lender_amt <> 0 or private_lender_count <> 0
    {% if is_rolled %}
    union all
    select
        client_id,
        booked_on,
        payroll_amt,
        payroll_count,
        cash_amt,
        lender_inflow_amt,
        private_lender_amt,
        private_lender_count
    from previous.client_flow_day
    where booked_on > $business_date - 300
    {% endif %}
),

summed as (
    select
        client_id,
        booked_on,
        sum(payroll_amt) as payroll_amt,
        sum(payroll_count) as payroll_count,
        sum(cash_amt) as cash_amt,
        sum(lender_inflow_amt) as lender_inflow_amt,
        sum(private_lender_amt) as private_lender_amt,
        sum(private_lender_count) as private_lender_count
    from per_day
    group by client_id, booked_on
),

flow_day as (
    select * from summed
    where
        payroll_count <> 0 or payroll_amt <> 0 or cash_amt <> 0 or lender_inflow_amt <> 0
        or private_lender_amt <> 0 or private_lender_count <> 0
)

select * from flow_day
