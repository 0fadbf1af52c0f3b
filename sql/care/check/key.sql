-- one row per loan and event that asks for a key check: what policy key_check_event names (arrears, a dispute, a halt,
-- a change of those in charge and so on), any other red warning, a class that got worse, an order of a superior
with
loan as (
    select * from care_check.loan
),

told as (
    select * from care_check.told
),

-- of a client with several loans the largest is looked at, unless the event names one
largest as (
    select
        loan_id,
        client_id,
        row_number() over (partition by client_id order by outstanding_amt desc nulls last, loan_id asc) as place
    from loan
),

event as (
    select
        indicator,
        severity,
        event
    from policy.key_check_event
),

-- a late feed or a thin file says nothing of the borrower: its data are mended, and nobody inspects a loan for it; but
-- what policy names asks for its check whether it colours or not
fired as (
    select
        coalesce(named.loan_id, largest.loan_id) as loan_id,
        coalesce(event.event, 'red_signal') as event,
        begun.started_on as happened_on
    from warnings.signal as signal
    inner join policy.indicator as indicator on signal.indicator = indicator.indicator
    inner join warnings_episode.begun as begun
        on signal.client_id = begun.client_id and signal.indicator = begun.indicator
    inner join largest on signal.client_id = largest.client_id and largest.place = 1
    left join event on signal.indicator = event.indicator
    left join loan as named on signal.loan_id = named.loan_id
    where
        signal.audience = 'branch'
        and (indicator.counts_for_colour or event.indicator is not null)
        and (signal.severity = 'red' or (signal.severity = 'amber' and event.severity = 'amber'))
),

-- the newest word of whoever may order one
said as (
    select
        subject_key as loan_id,
        verdict,
        decided_on,
        row_number() over (partition by subject_key order by decided_at desc, decision_id desc) as place
    from warnings.decision
    where subject = 'key_check' and refused_because is null
),

commanded as (
    select
        loan.loan_id,
        'ordered' as event,
        said.decided_on as happened_on
    from said
    inner join loan on said.loan_id = loan.loan_id
    where said.place = 1 and said.verdict = 'approve'
),

ranked as (
    select
        asset_class,
        rank
    from policy.asset_class
),

-- it is remembered until it is answered
worse as (
    select
        loan.loan_id,
        'class_worse' as event,
        $business_date as happened_on
    from warnings.loan_class as class
    inner join loan on class.loan_id = loan.loan_id
    inner join previous.loan_class as before on class.loan_id = before.loan_id
    inner join ranked as now_rank on class.booked_class = now_rank.asset_class
    inner join ranked as before_rank on before.booked_class = before_rank.asset_class
    where now_rank.rank > before_rank.rank
),

remembered as (
    select
        standing.loan_id,
        standing.basis as event,
        standing.happened_on
    from previous.post_loan_check as standing
    inner join loan on standing.loan_id = loan.loan_id
    left join worse on standing.loan_id = worse.loan_id
    where standing.basis = 'class_worse' and standing.done_on is null and worse.loan_id is null
),

happened as (
    select * from fired
    union all
    select * from commanded
    union all
    select * from worse
    union all
    select * from remembered
),

-- each against the first check from its day on
answered as (
    select
        happened.loan_id,
        happened.event,
        happened.happened_on,
        min(done.done_on) as done_on
    from happened
    left join care_check.done as done
        on happened.loan_id = done.loan_id and happened.happened_on <= done.done_on
    group by happened.loan_id, happened.event, happened.happened_on
),

-- of several the oldest that nobody has answered, else the last
placed as (
    select
        *,
        row_number() over (
            partition by loan_id, event
            order by
                case when done_on is null then happened_on end asc nulls last,
                happened_on desc
        ) as place
    from answered
),

setting as (
    select cast(max(case when setting = 'key_check_workdays' then value end) as integer) as workdays
    from policy.post_loan_setting
),

dated as (
    select
        placed.loan_id,
        'key_check' as kind,
        placed.event as subject,
        coalesce(workday.day, placed.happened_on) as due_on,
        placed.done_on,
        loan.stage,
        cast(null as integer) as interval_days,
        placed.event as basis,
        placed.happened_on,
        case when not told.is_check_told then 'not_recorded' end as unknown
    from placed
    inner join loan on placed.loan_id = loan.loan_id
    cross join setting
    cross join told
    left join night.calendar as happened_day on placed.happened_on = happened_day.day
    left join night.calendar as workday
        on workday.is_workday and happened_day.workday_index + setting.workdays = workday.workday_index
    where placed.place = 1
)

select * from dated
