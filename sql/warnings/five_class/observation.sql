-- one row per restructured loan: until when it is observed (C.2), and whether restructured again or unpaid in that time
with
rule as (
    select
        max(case when rule = 'restructured' then observation_days end) as observation_days,
        max(case when rule = 'restructured' then observation_periods end) as observation_periods,
        max(case when rule = 'restructured_unpaid' then observation_days end) as restart_days,
        max(case when rule = 'restructured_unpaid' then observation_periods end) as restart_periods
    from policy.five_class_floor
),

loan as (
    select * from features.loan_state
    where status <> 'closed'
),

episode as (
    select * from features.loan_overdue_episode
),

instalment as (
    select * from staging.instalment
),

-- the loan's own mark and the register of concessions together; a date in both is one concession
marked as (
    select
        loan_id,
        granted_on,
        probation_until
    from staging.forbearance
    union all
    select
        loan_id,
        forborne_on as granted_on,
        cast(null as date) as probation_until
    from loan
    where forborne_on is not null and forborne_on <= $business_date
),

granted as (
    select
        marked.loan_id,
        marked.granted_on,
        max(marked.probation_until) as probation_until
    from marked
    inner join loan on marked.loan_id = loan.loan_id
    group by marked.loan_id, marked.granted_on
),

restructured as (
    select distinct loan_id
    from granted
),

due as (
    select distinct
        instalment.loan_id,
        instalment.effective_due_date as due_on
    from instalment
    inner join restructured on instalment.loan_id = restructured.loan_id
),

repayment as (
    select
        granted.loan_id,
        granted.granted_on,
        due.due_on,
        row_number() over (partition by granted.loan_id, granted.granted_on order by due.due_on asc) as place
    from granted
    inner join due on granted.loan_id = due.loan_id and granted.granted_on < due.due_on
),

first_repayment as (
    select
        granted.loan_id,
        granted.granted_on,
        granted.probation_until,
        coalesce(min(repayment.due_on), granted.granted_on) as observed_from,
        max(case when repayment.place <= rule.observation_periods + 1 then repayment.due_on end) as last_period_on
    from granted
    cross join rule
    left join repayment on granted.loan_id = repayment.loan_id and granted.granted_on = repayment.granted_on
    group by granted.loan_id, granted.granted_on, granted.probation_until
),

concession as (
    select
        first_repayment.loan_id,
        first_repayment.granted_on,
        first_repayment.observed_from,
        coalesce(
            first_repayment.probation_until,
            greatest(first_repayment.observed_from + rule.observation_days, first_repayment.last_period_on)
        ) as observed_until
    from first_repayment
    cross join rule
),

-- arrears of before the first repayment date are what the concession was for
unpaid as (
    select
        episode.loan_id,
        episode.started_on,
        coalesce(episode.ended_on, $business_date) as ended_on,
        coalesce(episode.ended_on - 1, $business_date) as last_day
    from episode
    inner join concession on episode.loan_id = concession.loan_id
    group by episode.loan_id, episode.started_on, episode.ended_on
    having coalesce(episode.ended_on - 1, $business_date) > min(concession.observed_from)
),

proving as (
    select
        unpaid.loan_id,
        unpaid.started_on,
        due.due_on,
        row_number() over (partition by unpaid.loan_id, unpaid.started_on order by due.due_on asc) as place
    from unpaid
    inner join due on unpaid.loan_id = due.loan_id and unpaid.ended_on < due.due_on
),

proven as (
    select
        proving.loan_id,
        proving.started_on,
        max(proving.due_on) as last_period_on
    from proving
    inner join rule on proving.place <= rule.restart_periods
    group by proving.loan_id, proving.started_on
),

-- it starts again from the missed date, the day before the first one past due, and lasts as long as the arrears do
event as (
    select
        loan_id,
        observed_from as counts_from,
        granted_on as began_on,
        observed_until,
        1 as is_concession
    from concession
    union all
    select
        unpaid.loan_id,
        unpaid.last_day as counts_from,
        unpaid.started_on as began_on,
        greatest(unpaid.started_on - 1 + rule.restart_days, unpaid.ended_on, proven.last_period_on) as observed_until,
        0 as is_concession
    from unpaid
    cross join rule
    left join proven on unpaid.loan_id = proven.loan_id and unpaid.started_on = proven.started_on
),

-- each event that falls in the observation of those before it carries the same observation on
followed as (
    select
        *,
        max(observed_until) over (
            partition by loan_id
            order by counts_from asc, is_concession asc, began_on asc
            rows between unbounded preceding and 1 preceding
        ) as earlier_until
    from event
),

chained as (
    select
        *,
        sum(case when earlier_until is null or began_on > earlier_until then 1 else 0 end) over (
            partition by loan_id
            order by counts_from asc, is_concession asc, began_on asc
            rows between unbounded preceding and current row
        ) as chain
    from followed
),

counted as (
    select
        *,
        coalesce(sum(is_concession) over (
            partition by loan_id, chain
            order by counts_from asc, is_concession asc, began_on asc
            rows between unbounded preceding and 1 preceding
        ), 0) as concessions_before
    from chained
),

observation as (
    select
        loan_id,
        max(observed_until) as observed_until,
        max(case when is_concession = 1 and concessions_before > 0 then 1 else 0 end) = 1 as is_again,
        max(case when is_concession = 0 then 1 else 0 end) = 1 as is_unpaid
    from counted
    where is_concession = 1 or concessions_before > 0
    group by loan_id, chain
    having max(counted.observed_until) >= $business_date
)

select * from observation
