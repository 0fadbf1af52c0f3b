-- one row per client, loan or project, and indicator: its signal over the nights, what people decided, what is told
with
course as (
    select * from warnings_episode.course
),

setting as (
    select
        cast(max(case when setting = 'reopen_days' then value end) as integer) as reopen_days,
        cast(max(case when setting = 'suppressed_days' then value end) as integer) as suppressed_days,
        max(case when setting = 'reminder_workdays' then value end) as reminder_workdays
    from policy.episode_setting
),

morning as (
    select
        is_workday,
        workday_index
    from night.calendar
    where day = $morning
),

-- what fires again long after its close has an id of its own, and what was decided about its key still holds
settled as (
    select
        course.client_id,
        course.indicator,
        course.loan_id,
        course.project_id,
        course.branch_id,
        course.audience,
        course.is_new,
        course.is_reopened,
        course.is_firing,
        course.is_elsewhere,
        course.closes_because,
        course.was_suppressed,
        course.was_told,
        course.told_before,
        course.rank_before,
        course.band_step_before,
        course.is_open_before,
        course.evaluated_now,
        course.decision_before,
        course.decided_rank,
        course.decided_band_step,
        course.suppressed_until,
        course.snoozed_until,
        case when course.is_new then cast(null as date) else course.told_on end as told_on_before,
        case when course.is_new then $business_date else course.opened_on end as opened_on,
        case when course.is_new or course.is_reopened then $business_date else course.started_on end as started_on,
        case
            when course.is_new or course.is_reopened then $business_date
            when
                course.is_firing
                and (
                    course.rank > course.rank_before
                    or (course.rank = course.rank_before and course.band_step > course.band_step_before)
                )
                then $business_date
            else course.graver_on
        end as graver_on,
        case when course.is_firing then $business_date else course.last_seen end as last_seen,
        case
            when course.is_firing then cast(null as date)
            when course.closes_because is not null then $business_date
            else course.closed_on
        end as closed_on,
        case
            when course.is_firing then cast(null as varchar)
            else coalesce(course.closes_because, course.closed_because)
        end as closed_because,
        coalesce(course.severity, course.severity_before) as severity,
        case when course.is_firing then course.hard else course.hard_before end as hard,
        coalesce(course.rank, course.rank_before) as rank,
        case when course.is_firing then course.band_step else course.band_step_before end as band_step,
        greatest(
            case when course.is_new then 0 else course.max_rank end, least(coalesce(course.rank, 0), 3)
        ) as max_rank,
        case
            when course.is_new then 0
            when course.is_reopened then course.reopened_count + 1
            else course.reopened_count
        end as reopened_count,
        case when course.is_firing then 0 else course.clear_now end as clear_count,
        course.clear_data_now,
        case when course.is_firing then course.new_clear_value else course.clear_value end as clear_value,
        case when course.is_firing then course.direction else course.clear_direction end as clear_direction,
        case
            when course.is_new
                then substr(
                    md5(
                        course.client_id
                        || '|'
                        || course.subject
                        || '|'
                        || course.indicator
                        || '|'
                        || cast($business_date as varchar)
                    ),
                    1,
                    12
                )
            else course.episode_before
        end as episode_id
    from course
),

-- how grave it was when the decision came is what it is compared with from then on
decided as (
    select
        settled.*,
        newest.decision_id,
        newest.verdict,
        case
            when newest.decision_id is null and settled.decision_before is null then settled.decided_rank
            when newest.decision_id is null and settled.is_new then settled.decided_rank
            when newest.decision_id is null then cast(null as integer)
            when newest.decision_id = settled.decision_before then settled.decided_rank
            else coalesce(settled.rank_before, settled.rank)
        end as rank_then,
        case
            when newest.decision_id is null and (settled.decision_before is null or settled.is_new)
                then settled.decided_band_step
            when newest.decision_id is null then cast(null as integer)
            when newest.decision_id = settled.decision_before then settled.decided_band_step
            when settled.rank_before is null then settled.band_step
            else settled.band_step_before
        end as band_step_then,
        case
            when newest.decision_id is null and (settled.decision_before is null or settled.is_new)
                then settled.suppressed_until
            when newest.verdict <> 'false_alarm' or newest.decision_id is null then cast(null as date)
            when newest.decision_id = settled.decision_before then settled.suppressed_until
            else newest.decided_on + setting.suppressed_days
        end as quiet_until,
        case
            when newest.verdict <> 'snooze' or newest.decision_id is null then cast(null as date)
            when newest.decision_id = settled.decision_before then settled.snoozed_until
            else newest.until
        end as put_off_until
    from settled
    cross join setting
    left join warnings_episode.decided as newest on settled.episode_id = newest.episode_id
),

-- what got worse than it was then, be it by a band of the same severity, is back at once; what is hard was never away
graded as (
    select
        decided.*,
        is_firing
        and coalesce(rank > rank_then or (rank = rank_then and band_step > band_step_then), false) as is_graver
    from decided
),

compared as (
    select
        graded.*,
        case when is_graver then cast(null as date) else quiet_until end as suppressed_now,
        case
            when is_graver then cast(null as date)
            when put_off_until > $morning then put_off_until
        end as snoozed_now
    from graded
),

judged as (
    select
        compared.*,
        closed_on is null
        and not hard
        and (coalesce(suppressed_now > $business_date, false) or snoozed_now is not null) as is_suppressed
    from compared
),

-- what is new to tell; one that nobody was told of has nothing to take back
changed as (
    select
        judged.*,
        coalesce(told_before is not null and not was_told and not is_new, false) as is_waiting,
        case
            when closes_because is not null
                then case when not coalesce(was_suppressed, false) and told_on_before is not null then 'closed' end
            when is_new then 'opened'
            when is_reopened then 'reopened'
            when
                is_open_before
                and is_firing
                and (
                    rank > rank_before
                    -- graver than what the decision was about: also where that comes the same night
                    or (is_graver and (was_suppressed or decision_id is distinct from decision_before))
                )
                then 'worse'
            when closed_on is null and was_suppressed and not is_suppressed
                then case when snoozed_until is not null then 'snooze_over' else 'suppression_over' end
        end as change
    from judged
),

due as (
    select
        changed.*,
        case
            when closes_because is not null then change
            when is_suppressed then null
            when is_waiting and coalesce(change, 'worse') = 'worse' then told_before
            when change is not null then change
            when
                closed_on is null
                and not is_elsewhere
                and severity = 'red'
                and morning.workday_index - told_day.workday_index >= setting.reminder_workdays
                then 'reminder'
        end as told_because,
        morning.is_workday as is_list_day
    from changed
    cross join setting
    cross join morning
    left join night.calendar as told_day on changed.told_on_before = told_day.day
),

episode as (
    select
        $business_date as business_date,
        due.episode_id,
        due.client_id,
        due.branch_id,
        due.loan_id,
        due.project_id,
        due.indicator,
        due.audience,
        due.opened_on,
        due.started_on,
        due.graver_on,
        due.last_seen,
        due.closed_on,
        due.closed_because,
        due.severity,
        case due.max_rank when 3 then 'red' when 2 then 'amber' else 'blue' end as severity_max,
        due.hard,
        due.band_step,
        case
            when due.closed_on is not null then 'closed'
            when due.is_suppressed and due.snoozed_now is not null then 'snoozed'
            when due.is_suppressed then 'false_alarm'
            when due.verdict = 'confirm' then 'confirmed'
            else 'open'
        end as state,
        due.reopened_count,
        due.clear_count,
        due.clear_data_now as clear_data_on,
        due.evaluated_now as evaluated_on,
        due.clear_value,
        due.clear_direction,
        due.decision_id,
        due.rank_then as decided_rank,
        due.band_step_then as decided_band_step,
        due.suppressed_now as suppressed_until,
        due.snoozed_now as snoozed_until,
        due.is_suppressed,
        due.told_because is not null and due.is_list_day as is_told,
        due.told_because,
        case when due.told_because is not null and due.is_list_day then $morning else due.told_on_before end as told_on
    from due
    cross join setting
    where
        due.closed_on is null
        or date_diff('day', due.closed_on, $business_date) <= setting.reopen_days
        or due.suppressed_now > $business_date
)

select * from episode
