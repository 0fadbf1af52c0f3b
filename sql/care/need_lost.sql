-- one row per branch and reason for which its needs were lost: how many of those that were decided, and how much
with
outcome as (
    select * from care.need_outcome
    where state in ('lost', 'accepted', 'funded', 'a_year_on')
),

branch as (
    select
        branch_id,
        count(*) as decided_count
    from outcome
    group by branch_id
),

lost as (
    select
        branch_id,
        coalesce(lost_reason, 'unknown') as lost_reason,
        count(*) as lost_count,
        sum(asked_amt) as lost_amt,
        max(closed_on) as last_on
    from outcome
    where state = 'lost'
    group by branch_id, coalesce(lost_reason, 'unknown')
),

need_lost as (
    select
        $business_date as business_date,
        lost.branch_id,
        lost.lost_reason,
        lost.lost_count,
        branch.decided_count,
        lost.lost_amt,
        lost.last_on
    from lost
    inner join branch on lost.branch_id = branch.branch_id
)

select * from need_lost
