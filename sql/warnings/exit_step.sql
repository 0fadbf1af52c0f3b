-- one row per client with a plan and step of it: who does or decides what, and by when
with
plan as (
    select * from warnings.exit_plan
),

step as (
    select * from policy.exit_step
),

words as (
    select * from policy.exit_step_text
),

night as (
    select max(case when day = $business_date then workday_index end) as workday_index
    from night.calendar
    where day = $business_date
),

-- whether to call a loan is not asked of whoever has none that is not due in full
asked as (
    select
        plan.client_id,
        plan.branch_id,
        plan.strategy,
        step.step,
        step.owner_role,
        step.due_workdays,
        case when all_due.client_id is null then step.action else coalesce(called_step.instead, step.action) end
            as action,
        case when all_due.client_id is null then called_step.instead else step.action end as counterpart
    from plan
    inner join step on plan.strategy = step.strategy or step.strategy = 'any'
    left join policy.called_step as called_step on step.action = called_step.action
    left join features_loan.all_due as all_due on plan.client_id = all_due.client_id
),

-- a step's days are counted from the night that first asked for it, as itself or in another's place: another cell of
-- the matrix asks anew
dated as (
    select
        $business_date as business_date,
        asked.client_id,
        asked.branch_id,
        asked.strategy,
        asked.step,
        asked.owner_role,
        coalesce(standing.due_on, workday.day) as due_on,
        asked.action,
        words.words_zh as action_zh,
        words.words_en as action_en
    from asked
    cross join night
    left join words on asked.action = words.action
    left join night.calendar as workday
        on workday.is_workday and workday.workday_index = night.workday_index + asked.due_workdays
    left join previous.exit_step as standing
        on
            asked.client_id = standing.client_id
            and asked.step = standing.step
            and standing.action in (asked.action, asked.counterpart)
),

-- a step that stands from another cell does not come before what it follows here
ordered as (
    select
        business_date,
        client_id,
        branch_id,
        strategy,
        step,
        owner_role,
        max(due_on) over (
            partition by client_id
            order by step asc
            rows between unbounded preceding and current row
        ) as due_on,
        action,
        action_zh,
        action_en
    from dated
)

select * from ordered
