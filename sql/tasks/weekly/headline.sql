-- one row per branch: the week in figures
with
branch as (
    select branch_id
    from source.branch
),

work as (
    select
        branch_id,
        sum(done_count) as done_count,
        sum(done_late_count) as done_late_count,
        sum(contact_count) as contact_count,
        sum(case when is_over_capacity then 1 else 0 end) as over_capacity_count
    from tasks_weekly.work
    group by branch_id
),

late as (
    select
        branch_id,
        count(*) as late_count
    from tasks_weekly.late
    group by branch_id
),

missed as (
    select
        branch_id,
        count(*) as missed_count
    from tasks_weekly.missed
    group by branch_id
),

alarm as (
    select
        branch_id,
        sum(answered_count) as answered_count,
        sum(false_count) as false_count,
        sum(case when is_proposed then 1 else 0 end) as proposed_count
    from tasks_weekly.false_alarm
    group by branch_id
),

promise as (
    select
        branch_id,
        sum(case when state = 'kept' then 1 else 0 end) as kept_count,
        sum(case when state <> 'kept' then 1 else 0 end) as not_kept_count
    from tasks_weekly.promise
    group by branch_id
),

money as (
    select
        branch_id,
        cast(sum(greatest(move_amt, 0)) as decimal(18, 2)) as coming_amt,
        cast(-sum(least(move_amt, 0)) as decimal(18, 2)) as leaving_amt
    from tasks_weekly.moved
    group by branch_id
),

need as (
    select
        branch_id,
        sum(case when status = 'won' then 1 else 0 end) as won_count,
        sum(case when status = 'lost' then 1 else 0 end) as lost_count
    from tasks_weekly.need
    group by branch_id
),

headline as (
    select
        branch.branch_id,
        cast(coalesce(work.done_count, 0) as integer) as done_count,
        cast(coalesce(work.done_late_count, 0) as integer) as done_late_count,
        cast(coalesce(work.contact_count, 0) as integer) as contact_count,
        cast(coalesce(late.late_count, 0) as integer) as late_count,
        cast(coalesce(missed.missed_count, 0) as integer) as missed_count,
        cast(100.0 * alarm.false_count / nullif(alarm.answered_count, 0) as decimal(9, 2)) as false_share_pct,
        cast(coalesce(alarm.proposed_count, 0) as integer) as proposed_count,
        cast(coalesce(promise.kept_count, 0) as integer) as kept_count,
        cast(coalesce(promise.not_kept_count, 0) as integer) as not_kept_count,
        coalesce(money.coming_amt, cast(0 as decimal(18, 2))) as coming_amt,
        coalesce(money.leaving_amt, cast(0 as decimal(18, 2))) as leaving_amt,
        cast(coalesce(need.won_count, 0) as integer) as won_count,
        cast(coalesce(need.lost_count, 0) as integer) as lost_count,
        cast(coalesce(work.over_capacity_count, 0) as integer) as over_capacity_count
    from branch
    left join work on branch.branch_id = work.branch_id
    left join late on branch.branch_id = late.branch_id
    left join missed on branch.branch_id = missed.branch_id
    left join alarm on branch.branch_id = alarm.branch_id
    left join promise on branch.branch_id = promise.branch_id
    left join money on branch.branch_id = money.branch_id
    left join need on branch.branch_id = need.branch_id
)

select * from headline
