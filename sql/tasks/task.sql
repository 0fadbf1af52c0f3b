-- one row per branch and task
with
scored as (
    select * from tasks_listing.scored
),

candidate as (
    select * from tasks_listing.candidate
),

setting as (
    select max(case when setting = 'must_do_cards' then value end) as must_do_cards
    from policy.task_setting
),

colour as (
    select
        colour,
        greatest(rank, 1) as colour_rank
    from policy.colour
),

-- a total order: what policy places first (hard red, large arrears, stops, red, contract dates within days), then by
-- priority; what is equal by all of these by its colour, its day, what is at stake and how grave the signal is, and a
-- client's own lines by what they are about; what is handled comes last
ranked as (
    select
        scored.*,
        coalesce(colour.colour_rank, 1) as colour_rank,
        row_number() over (
            partition by scored.branch_id
            order by
                scored.is_open desc,
                scored.place asc,
                scored.priority desc,
                coalesce(colour.colour_rank, 1) desc,
                scored.due_on asc,
                scored.exposure_amt desc,
                scored.client_id asc,
                case
                    when scored.is_hard then 0
                    when scored.severity = 'red' and not coalesce(scored.is_unproven, false) then 1
                    when scored.severity = 'red' then 2
                    when scored.severity = 'amber' then 3
                    else 4
                end asc,
                scored.kind asc,
                scored.subject asc,
                scored.task_key asc
        ) as rank
    from scored
    left join colour on scored.colour = colour.colour
),

-- of some kinds a person is asked for a few a day, late or not: a backlog that turns late on one day is made up for so.
-- Red clients, dates in contracts and proven reds are never cut; what is left for later takes nobody's place
of_kind as (
    select
        ranked.*,
        is_red
        or is_deadline
        or coalesce(is_hard or severity = 'red' and not coalesce(is_unproven, false), false) as is_never_cut,
        row_number() over (partition by branch_id, owner_id, is_open, kind order by rank) as place_of_kind
    from ranked
),

few as (
    select
        of_kind.*,
        coalesce(of_kind.place_of_kind > task_cap.max_tasks_per_day, false)
        and not of_kind.is_never_cut as is_beyond
    from of_kind
    left join policy.task_cap as task_cap on of_kind.kind = task_cap.kind
),

counted as (
    select
        few.*,
        row_number() over (partition by branch_id, owner_id, is_open, is_beyond order by rank) as place_of_owner
    from few
),

-- what is late already is not put off for want of time
cut as (
    select
        counted.*,
        is_open
        and not is_never_cut
        and (is_beyond or (place_of_owner > capacity and not coalesce(late_days > 0, false))) as is_later
    from counted
),

-- one card per client, placed by the first of its lines
carded as (
    select
        cut.*,
        min(case when cut.is_open and not cut.is_later then cut.rank end) over (
            partition by cut.branch_id, cut.client_id
        ) as card_rank,
        max(case when cut.is_open and cut.is_now and not cut.is_later then 1 else 0 end) over (
            partition by cut.branch_id, cut.client_id
        ) = 1 as is_card_now
    from cut
),

-- by colour first: no card that must be done is greener than one that is left out
placed as (
    select
        carded.*,
        dense_rank() over (
            partition by branch_id
            order by
                case when card_rank is null then 1 else 0 end asc,
                colour_rank desc,
                is_card_now desc,
                card_rank asc
        ) as card_place,
        max(case when is_open and card_rank is null then colour_rank else 0 end) over (
            partition by branch_id
        ) as postponed_rank
    from carded
),

-- the gravest cards, as far as the last of them that cannot wait: one that can wait is there only where it is graver
bounded as (
    select
        placed.*,
        max(
            case
                when placed.is_card_now and placed.card_place <= setting.must_do_cards then placed.card_place else 0
            end
        ) over (partition by placed.branch_id) as last_place
    from placed
    cross join setting
),

listed as (
    select
        $business_date as business_date,
        placed.branch_id,
        placed.owner_id,
        placed.client_id,
        placed.task_key,
        candidate.kind,
        candidate.subject,
        placed.rank,
        placed.priority,
        placed.due_on,
        placed.late_days,
        placed.overdue_level,
        placed.colour,
        placed.tier,
        placed.exposure_amt,
        placed.sev_points,
        placed.urgency_points,
        placed.tier_points,
        placed.exposure_points,
        placed.value_points,
        placed.is_open
        and not placed.is_later
        and (placed.is_now or not placed.is_card_now)
        and placed.card_place <= placed.last_place
        and placed.colour_rank >= placed.postponed_rank as is_must_do,
        placed.is_later,
        placed.is_deadline,
        placed.is_near,
        placed.place_rule,
        placed.status,
        placed.feedback_note,
        placed.feedback_by,
        placed.feedback_on,
        placed.feedback_at,
        placed.is_false_alarm_proposed,
        placed.handled_severity,
        placed.band_step,
        placed.handled_band_step,
        candidate.started_on,
        candidate.sla_days,
        candidate.change,
        placed.severity,
        placed.is_hard,
        candidate.indicator,
        candidate.loan_id,
        candidate.project_id,
        coded.card_code,
        escalated.unanswered_since,
        escalated.escalated_to,
        case when placed.owner_role = 'risk' then 'risk_only' else 'branch' end as audience,
        candidate.reason_zh,
        candidate.reason_en,
        candidate.next_step_zh,
        candidate.next_step_en,
        candidate.figures
    from bounded as placed
    left join candidate on placed.client_id = candidate.client_id and placed.task_key = candidate.task_key
    left join tasks_listing.coded as coded
        on placed.branch_id = coded.branch_id and placed.task_key = coded.task_key
    left join tasks_listing.escalated as escalated
        on placed.client_id = escalated.client_id and placed.task_key = escalated.task_key
)

select * from listed
