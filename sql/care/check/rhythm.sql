-- one row per loan and kind of recurring check: the next one is due an interval after the last; a rise of the watch
-- stage moves it to the earlier of the old date and the new interval from that day on
with
loan as (
    select * from care_check.loan
),

told as (
    select * from care_check.told
),

rhythm as (
    select * from policy.post_loan_rhythm
),

asked as (
    select
        loan.loan_id,
        loan.class,
        loan.stage,
        loan.stage_since,
        loan.known_from,
        rhythm.kind,
        rhythm.interval_days,
        coalesce(calm.interval_days, rhythm.interval_days) as calm_days
    from loan
    inner join rhythm on loan.class = rhythm.class and loan.stage = rhythm.stage
    left join rhythm as calm on loan.class = calm.class and rhythm.kind = calm.kind and calm.stage = 'W0'
),

last_done as (
    select
        asked.loan_id,
        asked.kind,
        max(done.done_on) as done_on
    from asked
    inner join care_check.done as done
        on asked.loan_id = done.loan_id and (done.is_on_site or asked.kind = 'desk_check')
    group by asked.loan_id, asked.kind
),

based as (
    select
        asked.*,
        last_done.done_on,
        coalesce(last_done.done_on, asked.known_from) as from_on
    from asked
    left join last_done on asked.loan_id = last_done.loan_id and asked.kind = last_done.kind
),

dated as (
    select
        based.*,
        coalesce(stage_since > from_on, false) as is_moved,
        cast(from_on + interval_days * interval '1' day as date) as plain_on,
        cast(from_on + calm_days * interval '1' day as date) as calm_on,
        cast(stage_since + interval_days * interval '1' day as date) as moved_on
    from based
),

-- what the night before had set by a change of stage stands until the check is made
standing as (
    select
        loan_id,
        kind,
        stage,
        due_on,
        done_on,
        basis
    from previous.post_loan_check
    where kind in ('desk_check', 'site_check')
),

joined as (
    select
        dated.*,
        case
            when coalesce(standing.done_on, date '1900-01-01') <> coalesce(dated.done_on, date '1900-01-01') then null
            when standing.stage <> dated.stage or standing.basis = 'stage_change' then standing.due_on
        end as standing_on
    from dated
    left join standing on dated.loan_id = standing.loan_id and dated.kind = standing.kind
),

-- the date of the calm rhythm stands where the change of stage moves it to no earlier one
owed as (
    select
        *,
        is_moved and moved_on < calm_on as is_earlier,
        case when is_moved then least(calm_on, moved_on) else plain_on end as own_on
    from joined
),

settled as (
    select
        owed.loan_id,
        owed.kind,
        '' as subject,
        least(owed.own_on, coalesce(owed.standing_on, date '9999-12-31')) as due_on,
        owed.done_on,
        owed.stage,
        case when owed.is_moved and not owed.is_earlier then owed.calm_days else owed.interval_days end
            as interval_days,
        case
            when owed.is_earlier or coalesce(owed.standing_on < owed.own_on, false) then 'stage_change'
            else owed.class
        end as basis,
        case when not told.is_check_told then 'not_recorded' end as unknown
    from owed
    cross join told
)

select * from settled
