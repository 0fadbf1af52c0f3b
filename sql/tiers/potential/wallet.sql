-- one row per relationship that the credit bureau knows in whole: the bank's share of what it owes
with
due as (
    select count(*) as months
    from tiers_evaluation.due_month
),

newest as (
    select
        client_id,
        total_debt_amt,
        row_number() over (partition by client_id order by month desc) as place
    from staging.bureau
    cross join due
    where due.months > 0
),

-- a member that owes here and of whom the bureau says nothing leaves the share unknown
owed as (
    select
        member.group_key,
        sum(coalesce(exposure.outstanding_amt, 0)) as own_debt_amt,
        sum(newest.total_debt_amt) as total_debt_amt,
        sum(case when exposure.outstanding_amt > 0 and newest.total_debt_amt is null then 1 else 0 end) as unknown_count
    from tiers_group.member as member
    left join features.client_exposure as exposure on member.client_id = exposure.client_id
    left join newest on member.client_id = newest.client_id and newest.place = 1
    group by member.group_key
),

shared as (
    select
        group_key,
        -- a report older than the newest draws may say less than is owed here
        cast(
            100.0 * own_debt_amt / nullif(greatest(total_debt_amt, own_debt_amt), 0) as decimal(9, 4)
        ) as wallet_share_pct
    from owed
    where unknown_count = 0 and greatest(total_debt_amt, own_debt_amt) > 0
)

select * from shared
