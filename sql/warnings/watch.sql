-- one row per client on the watch list, or about whom it remembers something: its stage, what is proposed, and by when
-- a person decides; stages rise at once and fall only by a decision, from W1 by themselves
with
before as (
    select * from previous.watch
),

stage as (
    select * from policy.watch_stage
),

setting as (
    select max(case when setting = 'restructured_days' then value end) as restructured_days
    from policy.watch_setting
),

run as (
    select * from warnings_watch.run
),

entry as (
    select * from warnings_watch.entry
),

answer as (
    select * from warnings_watch.answer
),

paid as (
    select * from warnings_watch.paid
),

reviewed as (
    select * from warnings_watch.reviewed
),

forborne as (
    select distinct client_id
    from warnings.signal
    where indicator = 'P07'
),

calendar as (
    select * from night.calendar
),

tonight as (
    select workday_index
    from calendar
    where day = $business_date
),

-- what stood last night, and what people said of it since
told as (
    select
        run.client_id,
        run.branch_id,
        run.is_known,
        run.blue_since,
        run.amber_since,
        run.quiet_days,
        run.clear_days,
        coalesce(entry.level, 0) as entry_level,
        entry.rule as entry_rule,
        coalesce(at_stage.level, 0) as level,
        before.since,
        before.rule,
        proposed.level as proposed_level,
        before.proposed_on,
        coalesce(from_stage.level, 0) as from_level,
        before.decision,
        before.decision_id,
        before.decided_on,
        before.rejected_level,
        answer.client_id is not null as is_answered,
        coalesce(answer.is_rejected, false) as is_rejected,
        answer.decision_id as answer_id,
        answer.decided_on as answered_on,
        tonight.workday_index - asked.workday_index >= proposed.decide_workdays as is_overdue_answer
    from run
    cross join tonight
    left join before on run.client_id = before.client_id
    left join stage as at_stage on before.stage = at_stage.stage
    left join stage as proposed on before.proposed_stage = proposed.stage
    left join stage as from_stage on before.from_stage = from_stage.stage
    left join calendar as asked on before.proposed_on = asked.day
    left join entry on run.client_id = entry.client_id
    left join answer on run.client_id = answer.client_id
),

-- an entry that is rejected falls back, one that nobody answers in time stands; a way out is taken by a yes alone
answered as (
    select
        client_id,
        branch_id,
        is_known,
        blue_since,
        amber_since,
        quiet_days,
        clear_days,
        entry_level,
        entry_rule,
        since,
        rule,
        proposed_on,
        level as level_before,
        decision as decision_before,
        from_level,
        case
            when is_answered and is_rejected and coalesce(proposed_level, 0) = level then from_level
            when is_answered and not is_rejected and coalesce(proposed_level, 0) < level
                then coalesce(proposed_level, 0)
            else level
        end as level,
        coalesce(proposed_level, 0) as proposed_level,
        case
            when is_answered and is_rejected then 'rejected'
            when is_answered then 'confirmed'
            when decision = 'pending' and proposed_level = level and is_overdue_answer then 'stands'
            else decision
        end as decision,
        case when is_answered then answer_id else decision_id end as decision_id,
        case when is_answered then answered_on else decided_on end as decided_on,
        case
            when is_answered and is_rejected and coalesce(proposed_level, 0) = level then level
            when is_known and entry_level < rejected_level then null
            else rejected_level
        end as rejected_level
    from told
),

moved as (
    select
        answered.*,
        case when answered.level <> answered.level_before then $business_date else answered.since end as moved_on,
        answered.entry_level > answered.level
        and coalesce(answered.entry_level > answered.rejected_level, true) as is_entering
    from answered
),

-- a way out opens once the least stay is over, no rule holds the client there, and what the stage asks for is met
judged as (
    select
        moved.*,
        stage.exit_level,
        stage.review_days,
        stage.decide_workdays,
        entered.decide_workdays is not null as is_entry_decided,
        not moved.is_entering
        and moved.level >= 1
        and moved.is_known
        and moved.entry_level < moved.level
        and date_diff('day', moved.moved_on, $business_date) >= greatest(
            stage.minimum_days,
            case
                when moved.level = 4 and forborne.client_id is not null then cast(setting.restructured_days as integer)
                else 0
            end
        )
        and coalesce(moved.quiet_days >= stage.quiet_days, true)
        and coalesce(moved.clear_days >= stage.clear_days, true)
        and (
            paid.client_id is null
            or (
                not paid.is_unknown
                and paid.days_past_due = 0
                and coalesce(paid.paid_periods >= stage.paid_periods, stage.paid_periods is null)
            )
        ) as may_leave
    from moved
    cross join setting
    left join stage on moved.level = stage.level
    left join stage as entered on moved.entry_level = entered.level
    left join paid on moved.client_id = paid.client_id
    left join forborne on moved.client_id = forborne.client_id
),

-- one proposal stands at a time; a way out that was refused is not proposed again before the next review
proposed as (
    select
        judged.*,
        case
            when is_entering then 'enter'
            when may_leave and decide_workdays is null then 'leave'
            when may_leave and decision = 'pending' and proposed_level < level then 'keep'
            when
                may_leave
                and (
                    decision is distinct from 'rejected'
                    or proposed_level >= level
                    or date_diff('day', decided_on, $business_date) >= review_days
                )
                then 'propose'
            when is_known and decision = 'pending' and proposed_level < level then 'withdraw'
            else 'keep'
        end as act
    from judged
),

placed as (
    select
        proposed.client_id,
        proposed.branch_id,
        proposed.act,
        case
            when act = 'enter' then entry_level
            when act = 'leave' then exit_level
            else level
        end as level,
        case when act in ('enter', 'leave') then $business_date else moved_on end as since,
        case
            when act = 'enter' then entry_rule
            when entry_level >= level then coalesce(entry_rule, rule)
            else rule
        end as rule,
        case
            when act = 'enter' and is_entry_decided then entry_level
            when act = 'propose' then exit_level
            when act = 'keep' then proposed_level
        end as proposed_level,
        case
            when act = 'propose' or (act = 'enter' and is_entry_decided) then $business_date
            when act = 'keep' then proposed_on
        end as proposed_on,
        case
            when act = 'propose' or (act = 'enter' and is_entry_decided) then 'pending'
            when act = 'keep' then decision
        end as decision,
        -- whoever is refused a higher stage is watched all the same: a rule had found something
        case
            when act = 'propose' or (act = 'enter' and is_entry_decided) then greatest(level, 1)
            when act = 'keep' then from_level
        end as from_level,
        case when act = 'keep' then decision_id end as decision_id,
        case when act = 'keep' then decided_on end as decided_on,
        blue_since,
        amber_since,
        quiet_days,
        clear_days,
        rejected_level
    from proposed
),

watch as (
    select
        $business_date as business_date,
        placed.client_id,
        placed.branch_id,
        coalesce(at_stage.stage, 'W0') as stage,
        case when placed.level > 0 then placed.since end as since,
        case when placed.level > 0 then placed.rule end as rule,
        case when placed.decision is not null then coalesce(proposed.stage, 'W0') end as proposed_stage,
        placed.proposed_on,
        placed.decision,
        placed.decision_id,
        placed.decided_on,
        from_stage.stage as from_stage,
        cast(
            greatest(placed.since, coalesce(reviewed.reviewed_on, placed.since))
            + at_stage.review_days * interval '1' day as date
        ) as review_due,
        cast(placed.since + at_stage.minimum_days * interval '1' day as date) as exit_from,
        cast(placed.since + at_stage.maximum_days * interval '1' day as date) as stay_until,
        coalesce(at_stage.freezes_limits, false) as freezes_limits,
        coalesce(at_stage.draws_need_risk, false) as draws_need_risk,
        placed.blue_since,
        placed.amber_since,
        placed.quiet_days,
        placed.clear_days,
        placed.rejected_level
    from placed
    left join stage as at_stage on placed.level = at_stage.level
    left join stage as proposed on placed.proposed_level = proposed.level
    left join stage as from_stage on placed.from_level = from_stage.level
    left join reviewed on placed.client_id = reviewed.client_id
)

select * from watch
where stage <> 'W0' or blue_since is not null or rejected_level is not null or decision is not null
