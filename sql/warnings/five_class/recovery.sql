-- one row per loan that was bad by its arrears and is not yet proven again (C.2): until when it stays so
with
rule as (
    select * from policy.five_class_floor
    where rule = 'recovering'
),

episode as (
    select * from features.loan_overdue_episode
),

instalment as (
    select * from staging.instalment
),

once_bad as (
    select distinct episode.loan_id
    from episode
    inner join rule on episode.max_days > rule.passed_value
),

due as (
    select distinct
        instalment.loan_id,
        instalment.effective_due_date as due_on
    from instalment
    inner join once_bad on instalment.loan_id = once_bad.loan_id
),

repayment as (
    select
        episode.loan_id,
        episode.started_on,
        due.due_on,
        row_number() over (partition by episode.loan_id, episode.started_on order by due.due_on asc) as place
    from episode
    inner join due on episode.loan_id = due.loan_id and episode.ended_on < due.due_on
),

proven as (
    select
        repayment.loan_id,
        repayment.started_on,
        max(repayment.due_on) as last_period_on
    from repayment
    inner join rule on repayment.place <= rule.observation_periods
    group by repayment.loan_id, repayment.started_on
),

-- the first good day is the first day of the observation; the last repayment date is known to be paid the day after it
event as (
    select
        episode.loan_id,
        episode.started_on,
        case when episode.max_days > rule.passed_value then 1 else 0 end as is_bad,
        case
            when episode.ended_on is null then date '9999-12-31'
            else greatest(episode.ended_on + rule.observation_days - 1, proven.last_period_on)
        end as held_until
    from episode
    cross join rule
    inner join once_bad on episode.loan_id = once_bad.loan_id
    left join proven on episode.loan_id = proven.loan_id and episode.started_on = proven.started_on
),

-- arrears within the observation of those before them carry it on
followed as (
    select
        *,
        max(held_until) over (
            partition by loan_id order by started_on asc rows between unbounded preceding and 1 preceding
        ) as earlier_until
    from event
),

chained as (
    select
        *,
        sum(case when earlier_until is null or started_on > earlier_until then 1 else 0 end) over (
            partition by loan_id order by started_on asc rows between unbounded preceding and current row
        ) as chain
    from followed
),

counted as (
    select
        *,
        sum(is_bad) over (
            partition by loan_id, chain order by started_on asc rows between unbounded preceding and current row
        ) as bad_so_far
    from chained
),

recovery as (
    select
        loan_id,
        max(held_until) as held_until
    from counted
    where bad_so_far > 0
    group by loan_id, chain
    having max(counted.held_until) >= $business_date
)

select * from recovery
