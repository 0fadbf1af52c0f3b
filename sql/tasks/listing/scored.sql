-- one row per thing to do: its status by the branch's own reports, how late it is, and the points of its rank
with
-- the words stay behind: what is ranked is kept narrow
candidate as (
    select
        client_id,
        task_key,
        kind,
        subject,
        due_on,
        severity,
        is_hard,
        band_step,
        is_unproven,
        worsened_on,
        is_deadline,
        owner_role,
        standing_severity,
        is_standing_hard,
        standing_feedback_at,
        standing_handled_severity,
        standing_band_step,
        standing_handled_band_step
    from tasks_listing.candidate
),

setting as (
    select
        max(case when setting = 'false_alarm_days' then value end) as false_alarm_days,
        max(case when setting = 'deadline_days' then value end) as deadline_days,
        max(case when setting = 'must_do_days' then value end) as must_do_days,
        max(case when setting = 'urgency_days' then value end) as urgency_days,
        max(case when setting = 'exposure_unit_amt' then value end) as exposure_unit_amt,
        max(case when setting = 'overdue_l1_days' then value end) as l1_days,
        max(case when setting = 'overdue_l2_days' then value end) as l2_days,
        max(case when setting = 'overdue_l3_days' then value end) as l3_days
    from policy.task_setting
),

weight as (
    select
        max(case when part = 'sev' then weight end) as sev,
        max(case when part = 'urgency' then weight end) as urgency,
        max(case when part = 'tier' then weight end) as tier,
        max(case when part = 'exposure' then weight end) as exposure,
        max(case when part = 'value' then weight end) as value
    from policy.rank_weight
),

largest as (
    select coalesce(max(exposure_amt), 0) as exposure_amt
    from features.client_exposure
),

-- what the best offer that nothing stands against is worth; none, or none that could be judged, gives no points
opportunity as (
    select
        client_id,
        max(value) as value
    from tasks.offer_advice
    group by client_id
),

morning as (
    select workday_index
    from night.calendar
    where day = $morning
),

-- severity when the branch reported: what stood on the list it reported on
reported as (
    select
        candidate.*,
        case when candidate.owner_role = 'risk' then desk.at_branch_id else owner.branch_id end as branch_id,
        case candidate.owner_role
            when 'branch_head' then owner.head_id
            when 'risk' then desk.staff_id
            else owner.owner_id
        end as owner_id,
        case candidate.owner_role
            when 'branch_head' then owner.head_tasks_per_day
            when 'risk' then desk.capacity
            else owner.capacity
        end as capacity,
        feedback.status as feedback_status,
        feedback.done_on as feedback_on,
        feedback.done_at as feedback_at,
        feedback.note as feedback_note,
        feedback.staff_id as feedback_by,
        coalesce(feedback.is_proposed, false) as is_false_alarm_proposed,
        case
            when feedback.task_key is null then null
            when candidate.standing_feedback_at = feedback.done_at then candidate.standing_handled_severity
            when candidate.is_standing_hard then 'hard'
            when candidate.standing_severity is not null then candidate.standing_severity
            when candidate.is_hard then 'hard'
            else candidate.severity
        end as handled_severity,
        case
            when feedback.task_key is null then null
            when candidate.standing_feedback_at = feedback.done_at then candidate.standing_handled_band_step
            when candidate.standing_severity is not null then candidate.standing_band_step
            else candidate.band_step
        end as handled_band_step,
        case
            when candidate.is_hard then 3
            when candidate.severity = 'red' then 2
            when candidate.severity = 'amber' then 1
            else 0
        end as severity_rank
    from candidate
    inner join tasks_listing.owner as owner on candidate.client_id = owner.client_id
    left join tasks_listing.risk_desk as desk on candidate.owner_role = 'risk' and owner.branch_id = desk.branch_id
    left join staging.task_feedback as feedback on candidate.task_key = feedback.task_key
    where candidate.owner_role is distinct from 'risk' or desk.branch_id is not null
),

-- what has got worse since it was handled, be it by a band of the same severity, is open again; a false alarm rests for
-- its time only
judged as (
    select
        reported.*,
        case
            when reported.feedback_status is null then 'open'
            when reported.feedback_status = 'acknowledged' then reported.feedback_status
            when
                reported.severity_rank
                > case reported.handled_severity when 'hard' then 3 when 'red' then 2 when 'amber' then 1 else 0 end
                then 'open'
            when reported.worsened_on >= reported.feedback_on then 'open'
            when
                reported.band_step > reported.handled_band_step
                and reported.severity_rank
                = case reported.handled_severity when 'hard' then 3 when 'red' then 2 when 'amber' then 1 else 0 end
                then 'open'
            when
                reported.feedback_status = 'false_alarm'
                and date_diff('day', reported.feedback_on, $business_date) >= setting.false_alarm_days
                then 'open'
            else reported.feedback_status
        end as status,
        coalesce(
            morning.workday_index - due_day.workday_index, date_diff('day', reported.due_on, $morning)
        ) as late_days,
        client_tier.tier,
        warning.colour,
        coalesce(exposure.exposure_amt, 0) as exposure_amt
    from reported
    cross join setting
    cross join morning
    left join night.calendar as due_day on reported.due_on = due_day.day
    left join tiers.client_tier as client_tier on reported.client_id = client_tier.client_id
    left join warnings.warning as warning on reported.client_id = warning.client_id
    left join features.client_exposure as exposure on reported.client_id = exposure.client_id
),

pointed as (
    select
        judged.*,
        cast(weight.sev * coalesce(sev.value, 0) as decimal(18, 4)) as sev_points,
        cast(
            weight.urgency
            / nullif(1 + exp(-cast(judged.late_days / nullif(setting.urgency_days, 0) as decimal(18, 6))), 0)
            as decimal(18, 4)
        ) as urgency_points,
        cast(weight.tier * coalesce(tier.value, 0) as decimal(18, 4)) as tier_points,
        -- no exposure anywhere in the bank gives none to anybody
        case
            when largest.exposure_amt > 0
                then cast(
                    weight.exposure
                    * (
                        log10(setting.exposure_unit_amt + greatest(judged.exposure_amt, 0))
                        - log10(setting.exposure_unit_amt)
                    )
                    / nullif(
                        log10(setting.exposure_unit_amt + largest.exposure_amt) - log10(setting.exposure_unit_amt), 0
                    )
                    as decimal(18, 4)
                )
            else 0
        end as exposure_points,
        cast(weight.value * coalesce(opportunity.value, 0) as decimal(18, 4)) as worth_points,
        case
            when judged.late_days >= setting.l3_days then 'L3'
            when judged.late_days >= setting.l2_days then 'L2'
            when judged.late_days >= setting.l1_days then 'L1'
            else 'ok'
        end as overdue_level,
        judged.status in ('open', 'acknowledged') as is_open,
        coalesce(judged.colour = 'red', false) as is_red,
        judged.is_deadline and judged.late_days >= -setting.deadline_days as is_near,
        coalesce(judged.colour = 'red', false) or judged.is_hard or judged.late_days >= -setting.must_do_days as is_now,
        greatest(coalesce(colour.rank, 1), 1) as grade
    from judged
    cross join weight
    cross join largest
    cross join setting
    left join policy.rank_value as sev on sev.part = 'sev' and judged.colour = sev.code
    left join policy.rank_value as tier on tier.part = 'tier' and judged.tier = tier.code
    left join policy.colour as colour on judged.colour = colour.colour
    left join opportunity on judged.client_id = opportunity.client_id
),

-- a client's own place goes ahead of a date in a contract, and both ahead of points; that of what risk alone reads is
-- its own
located as (
    select
        pointed.*,
        sev_points + urgency_points + tier_points + exposure_points as risk_priority,
        coalesce(
            case when pointed.owner_role = 'risk' and pointed.is_red and pointed.is_hard then 'hard_red' end,
            place.place_rule,
            case when pointed.is_near then 'near' else 'points' end
        ) as place_rule
    from pointed
    left join tasks_listing.place as place on pointed.client_id = place.client_id
),

{% set grades = range(1, 5) %}
-- the next line above of a client of a graver colour: by the ranks of policy colour, 1 is green or none
bounded as (
    select
        located.*,
        {% for grade in grades %}
        min(case when located.grade > {{ grade }} then located.risk_priority end) over (
            partition by located.branch_id, located.is_open, located.place_rule
            order by located.risk_priority asc
            range between current row and unbounded following
        ) as graver_than_{{ grade }},
        {% endfor %}
        list_place.place
    from located
    left join policy.list_place as list_place on located.place_rule = list_place.place_rule
),

-- an offer orders what is alike; it never lifts a line above one of a graver colour
valued as (
    select
        bounded.*,
        least(
            worth_points,
            coalesce(
                case grade
                    {% for grade in grades %}
                    when {{ grade }} then graver_than_{{ grade }} - risk_priority
                    {% endfor %}
                end,
                worth_points
            )
        ) as value_points
    from bounded
),

summed as (
    select
        valued.*,
        risk_priority + value_points as priority
    from valued
)

select * from summed
