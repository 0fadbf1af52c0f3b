-- one row per open revolving loan: drawn against its limit, now and ninety days ago
with
loan as (
    select * from staging.loan
    where is_open and is_revolving
),

-- how far back a record may be to stand for the ninetieth day
looked_at as (
    select $business_date - 90 - cast(value as integer) as first_date
    from policy.signal_setting
    where setting = 'utilisation_gap_days'
),

supplied as (
    select is_supplied from night.supplied
    where table_name = 'loan_daily'
),

-- the bank's own daily record; without one, what the nights saw
recorded as (
    select
        daily.loan_id,
        daily.business_date,
        daily.outstanding_amt,
        daily.limit_amt
    from source.loan_daily as daily
    inner join looked_at on daily.business_date >= looked_at.first_date
    where (select is_supplied from supplied)
    union all
    select
        loan_id,
        business_date,
        outstanding_amt,
        limit_amt
    from history.loan_day
    where not (select is_supplied from supplied)
),

recent as (
    select
        loan.loan_id,
        recorded.business_date,
        recorded.outstanding_amt,
        coalesce(recorded.limit_amt, loan.limit_amt) as limit_amt
    from loan
    inner join recorded on loan.loan_id = recorded.loan_id
    inner join looked_at on recorded.business_date >= looked_at.first_date
    where recorded.business_date <= $business_date
),

-- a bank that records working days only has the last of them before the ninetieth day
ninetieth as (
    select
        loan_id,
        max(business_date) as business_date
    from recent
    where business_date <= $business_date - 90
    group by loan_id
),

summed as (
    select
        recent.loan_id,
        avg(case
            when recent.business_date > $business_date - 30 and recent.limit_amt > 0
                then cast(recent.outstanding_amt * 100 / nullif(recent.limit_amt, 0) as decimal(18, 6))
        end) as mean_pct,
        count(case when recent.business_date > $business_date - 30 and recent.limit_amt > 0 then 1 end) as days_seen,
        max(case when recent.business_date = ninetieth.business_date then recent.outstanding_amt end)
            as outstanding_ago,
        max(case when recent.business_date = ninetieth.business_date then recent.limit_amt end) as limit_ago
    from recent
    left join ninetieth on recent.loan_id = ninetieth.loan_id
    group by recent.loan_id
),

measured as (
    select
        loan.loan_id,
        loan.client_id,
        coalesce(
            cast(summed.mean_pct as decimal(18, 4)),
            cast(loan.outstanding_amt * 100 / nullif(loan.limit_amt, 0) as decimal(18, 4))
        ) as utilisation_30d_pct,
        cast(loan.outstanding_amt * 100 / nullif(loan.limit_amt, 0) as decimal(18, 4)) as utilisation_now_pct,
        cast(summed.outstanding_ago * 100 / nullif(summed.limit_ago, 0) as decimal(18, 4)) as utilisation_90d_ago_pct,
        -- the greater of nothing and an unknown amount would be nothing
        cast(
            case when loan.limit_amt is not null then greatest(loan.limit_amt - loan.outstanding_amt, 0) end * loan.rate
            as decimal(18, 2)
        ) as undrawn_now_amt,
        cast(
            case
                when summed.limit_ago is not null and summed.outstanding_ago is not null
                    then greatest(summed.limit_ago - summed.outstanding_ago, 0)
            end * loan.rate
            as decimal(18, 2)
        ) as undrawn_90d_ago_amt,
        loan.limit_base_amt as limit_now_amt,
        cast(summed.limit_ago * loan.rate as decimal(18, 2)) as limit_90d_ago_amt,
        coalesce(summed.days_seen, 0) as days_seen,
        coalesce(loan.limit_amt > 0, false) and loan.rate is not null as is_assessed
    from loan
    left join summed on loan.loan_id = summed.loan_id
)

select * from measured
