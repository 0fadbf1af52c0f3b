-- one row per client whose stage on the watch list asks for a plan of contingency and exit: its place, and what it owes
with
setting as (
    select cast(max(case when setting = 'plan_level' then value end) as integer) as plan_level
    from policy.exit_setting
),

stage as (
    select * from policy.watch_stage
),

client as (
    select
        client_id,
        coalesce(is_natural_person, false) as is_natural_person,
        is_spv
    from staging.client
),

exposure as (
    select * from features.client_exposure
),

-- who has no loan but written-off ones: nothing of it stands in the books, all of it may still be claimed
written_off as (
    select client_id
    from features.loan_state
    where status <> 'closed'
    group by client_id
    having count(*) = count(case when status = 'written_off' then 1 end)
),

placed as (
    select
        watch.client_id,
        watch.branch_id,
        watch.stage,
        watch.since,
        watch.rule,
        watch.review_due,
        watch.freezes_limits,
        watch.draws_need_risk,
        client.is_natural_person,
        client.is_spv,
        case when coalesce(exposure.is_assessed, true) then coalesce(exposure.outstanding_amt, 0) end
            as outstanding_amt,
        case when coalesce(exposure.is_assessed, true) then coalesce(exposure.exposure_amt, 0) end as exposure_amt,
        case when exposure.client_id is null then 0 else exposure.overdue_amt end as overdue_amt,
        case when exposure.client_id is null then 0 else exposure.max_days_past_due end as max_days_past_due,
        written_off.client_id is not null and coalesce(exposure.exposure_amt, 0) = 0 as is_written_off
    from warnings.watch as watch
    cross join setting
    inner join stage on watch.stage = stage.stage
    left join client on watch.client_id = client.client_id
    left join exposure on watch.client_id = exposure.client_id
    left join written_off on watch.client_id = written_off.client_id
    where stage.level >= setting.plan_level
)

select * from placed
