-- one row per loan of a project or of a company and year end of the last years: what was owed on it then, in base
-- currency at that day's rate; nothing where the loan was not there, null where nobody recorded it
with
setting as (
    select
        cast(max(case when setting = 'emission_years' then value end) as integer) as years,
        cast(max(case when setting = 'year_end_gap_days' then value end) as integer) as gap_days
    from policy.esg_setting
),

back as (
    select 1 as years_back
    union all
    select 2 as years_back
    union all
    select 3 as years_back
),

year_end as (
    select
        year($business_date) - back.years_back as year,
        make_date(year($business_date) - back.years_back, 12, 31) as ended_on
    from back
    cross join setting
    where back.years_back <= setting.years
),

-- where a bank supplies no emissions at all nobody asks what was owed at the end of a year
asked as (
    select
        max(case when table_name = 'emission' and is_supplied then 1 else 0 end) = 1 as has_project,
        max(case when table_name = 'client_emission' and is_supplied then 1 else 0 end) = 1 as has_client,
        max(case when table_name = 'loan_daily' and is_supplied then 1 else 0 end) = 1 as has_record
    from night.supplied
),

loan as (
    select
        loan.loan_id,
        loan.client_id,
        loan.project_id,
        loan.ccy,
        loan.start_date,
        loan.status,
        asked.has_record
    from staging.loan as loan
    inner join staging.client as client on loan.client_id = client.client_id
    cross join asked
    where
        (loan.project_id is not null and asked.has_project)
        or (loan.project_id is null and client.client_kind <> 'person' and asked.has_client)
),

-- the bank's own daily record; without one, what the nights saw
recorded as (
    select
        daily.loan_id,
        daily.business_date,
        daily.outstanding_amt
    from source.loan_daily as daily
    union all
    select
        loan_day.loan_id,
        loan_day.business_date,
        loan_day.outstanding_amt
    from history.loan_day as loan_day
    cross join asked
    where not asked.has_record
),

seen as (
    select
        recorded.loan_id,
        recorded.business_date,
        recorded.outstanding_amt,
        year_end.year,
        row_number() over (partition by recorded.loan_id, year_end.year order by recorded.business_date desc) as place
    from recorded
    cross join setting
    inner join year_end on year(recorded.business_date) = year_end.year
    where date_diff('day', recorded.business_date, year_end.ended_on) <= setting.gap_days
),

-- a loan that is closed and was not recorded at the year's end was over by then
valued as (
    select
        loan.loan_id,
        loan.client_id,
        loan.project_id,
        year_end.year,
        year_end.ended_on,
        seen.business_date as seen_on,
        cast(seen.outstanding_amt * fx.rate as decimal(18, 2)) as outstanding_amt
    from loan
    inner join year_end on loan.start_date <= year_end.ended_on
    left join seen on loan.loan_id = seen.loan_id and year_end.year = seen.year and seen.place = 1
    left join staging.fx as fx
        on loan.ccy = fx.ccy and year_end.ended_on >= fx.from_date and year_end.ended_on <= fx.last_date
    where seen.loan_id is not null or loan.status <> 'closed'
)

select * from valued
