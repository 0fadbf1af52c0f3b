-- one row per branch and reason for which its needs were lost in 365 days: how many this week, how many in all, and of
-- how many that were decided
with
decided as (
    select
        branch_id,
        case when state = 'lost' then coalesce(lower(trim(lost_reason)), 'unknown') end as lost_reason,
        state,
        asked_amt,
        case when state = 'lost' then closed_on else accepted_on end as decided_on
    from care.need_outcome
    where state in ('lost', 'accepted', 'funded', 'a_year_on')
),

year as (
    select * from decided
    where decided_on between $business_date - 364 and $business_date
),

branch as (
    select
        branch_id,
        count(*) as decided_count
    from year
    group by branch_id
),

lost as (
    select
        branch_id,
        lost_reason,
        count(*) as lost_count,
        sum(case when decided_on >= $business_date - 6 then 1 else 0 end) as lost_week_count,
        sum(asked_amt) as lost_amt
    from year
    where state = 'lost'
    group by branch_id, lost_reason
),

need_lost as (
    select
        lost.branch_id,
        lost.lost_reason,
        cast(lost.lost_week_count as integer) as lost_week_count,
        cast(lost.lost_count as integer) as lost_count,
        cast(branch.decided_count as integer) as decided_count,
        cast(100.0 * lost.lost_count / nullif(branch.decided_count, 0) as decimal(9, 2)) as lost_share_pct,
        cast(lost.lost_amt as decimal(18, 2)) as lost_amt
    from lost
    inner join branch on lost.branch_id = branch.branch_id
)

select * from need_lost
