-- one row per client and thing that head office is told of a night: a colour that moved, a loan booked better than the
-- rules allow, a step of the watch list or a plan that is due, a review of a project that waits for its approval or was
-- returned, a task that is late, a client that nobody could assess
-- `about` is what it is about (of a step of the watch list: where it falls back to; of a move: worse, better, or same
-- where it is neither, as the warning counts it), `indicator` the signal behind a
-- late task, `was` and `becomes` codes of its kind,
-- `on_date` the day that it is due or since, `since_on` the one on which a review was prepared or returned; `late_days`
-- of a task are workdays, of a review or a plan calendar days
with
warning as (
    select * from warnings.warning
),

class as (
    select * from policy.asset_class
),

stage as (
    select * from policy.watch_stage
),

moved as (
    select
        'move' as kind,
        branch_id,
        client_id,
        change as about,
        cast(null as varchar) as indicator,
        previous_colour as was,
        colour as becomes,
        colour_since as on_date,
        cast(null as date) as since_on,
        cast(null as integer) as late_days,
        rule as reason
    from warning
    where previous_colour <> colour
),

drifting as (
    select
        'drift' as kind,
        warning.branch_id,
        loan_class.client_id,
        loan_class.loan_id as about,
        cast(null as varchar) as indicator,
        loan_class.booked_class as was,
        loan_class.floor_class as becomes,
        cast(null as date) as on_date,
        cast(null as date) as since_on,
        cast(null as integer) as late_days,
        loan_class.floor_rule as reason
    from warnings.loan_class as loan_class
    inner join class as booked on loan_class.booked_class = booked.asset_class
    inner join class as least_class on loan_class.floor_class = least_class.asset_class
    left join warning on loan_class.client_id = warning.client_id
    where least_class.rank > booked.rank
),

asked as (
    select
        'watch_decision' as kind,
        watch.branch_id,
        watch.client_id,
        -- an entry holds from its first night, also before it is decided; turned down it falls back
        watch.from_stage as about,
        cast(null as varchar) as indicator,
        watch.stage as was,
        watch.proposed_stage as becomes,
        watch.proposed_on as on_date,
        cast(null as date) as since_on,
        cast(null as integer) as late_days,
        watch.rule as reason
    from warnings.watch as watch
    where watch.decision = 'pending'
),

reviewed as (
    select
        'watch_review' as kind,
        watch.branch_id,
        watch.client_id,
        cast(null as varchar) as about,
        cast(null as varchar) as indicator,
        watch.stage as was,
        cast(null as varchar) as becomes,
        least(watch.review_due, coalesce(watch.stay_until, watch.review_due)) as on_date,
        cast(null as date) as since_on,
        date_diff('day', least(watch.review_due, coalesce(watch.stay_until, watch.review_due)), $morning) as late_days,
        watch.rule as reason
    from warnings.watch as watch
    inner join stage on watch.stage = stage.stage
    where
        stage.decide_workdays is not null
        and watch.decision is distinct from 'pending'
        and least(watch.review_due, coalesce(watch.stay_until, watch.review_due)) <= $morning
),

-- the step by which risk decides; what nobody approved waits for it, an approved plan for its renewal
settled as (
    select
        client_id,
        max(due_on) as decide_by
    from warnings.exit_step
    where owner_role = 'risk'
    group by client_id
),

planned as (
    select
        'exit_plan' as kind,
        plan.branch_id,
        plan.client_id,
        cast(null as varchar) as about,
        cast(null as varchar) as indicator,
        plan.stage as was,
        plan.state as becomes,
        case when plan.state = 'approved' then plan.renew_by else coalesce(settled.decide_by, plan.renew_by) end
            as on_date,
        cast(null as date) as since_on,
        date_diff(
            'day',
            case when plan.state = 'approved' then plan.renew_by else coalesce(settled.decide_by, plan.renew_by) end,
            $morning
        ) as late_days,
        plan.strategy as reason
    from warnings.exit_plan as plan
    left join settled on plan.client_id = settled.client_id
    where plan.state <> 'approved' or plan.renew_by < $morning
),

-- from its first night on: a second signature is nobody's who is told only once it is late
waiting as (
    select
        case due.kind when 'approval' then 'esg_approval' else 'esg_rework' end as kind,
        due.branch_id,
        due.client_id,
        review.subject_key as about,
        cast(null as varchar) as indicator,
        review.verdict as was,
        cast(null as varchar) as becomes,
        due.due_on as on_date,
        due.event_on as since_on,
        due.late_days,
        due.asked_by as reason
    from tasks.esg_due as due
    inner join esg.esg_review as review
        on due.project_id = review.project_id and due.period_end = review.period_end
),

late as (
    select
        'late' as kind,
        branch_id,
        client_id,
        kind as about,
        indicator,
        overdue_level as was,
        cast(null as varchar) as becomes,
        due_on as on_date,
        cast(null as date) as since_on,
        late_days,
        owner_id as reason
    from tasks.task
    where late_days > 0 and status in ('open', 'acknowledged')
),

-- why is a list of tokens: the page names the tables behind them
unknown as (
    select
        'not_assessed' as kind,
        branch_id,
        client_id,
        cast(null as varchar) as about,
        cast(null as varchar) as indicator,
        cast(null as varchar) as was,
        cast(null as varchar) as becomes,
        cast(null as date) as on_date,
        cast(null as date) as since_on,
        cast(null as integer) as late_days,
        coalesce(not_assessed, not_supplied) as reason
    from warning
    where colour = 'not_assessed'
),

digest_item as (
    select * from moved
    union all
    select * from drifting
    union all
    select * from asked
    union all
    select * from reviewed
    union all
    select * from planned
    union all
    select * from waiting
    union all
    select * from late
    union all
    select * from unknown
)

select * from digest_item
