-- one row per task that people have answered: the newest answer known by the cut-off, whether or not it is still listed
with
answer as (
    select * from staging.task_feedback
),

task as (
    select
        branch_id,
        client_id,
        task_key,
        card_code,
        kind,
        loan_id
    from tasks.task
),

before as (
    select
        branch_id,
        client_id,
        task_key,
        card_code,
        kind,
        loan_id
    from previous.task
),

known as (
    select
        branch_id,
        client_id,
        task_key,
        card_code,
        kind,
        loan_id
    from previous.feedback
),

feedback as (
    select
        $business_date as business_date,
        coalesce(task.branch_id, before.branch_id, known.branch_id) as branch_id,
        coalesce(task.client_id, before.client_id, known.client_id) as client_id,
        answer.task_key,
        coalesce(task.card_code, before.card_code, known.card_code) as card_code,
        coalesce(task.kind, before.kind, known.kind) as kind,
        coalesce(task.loan_id, before.loan_id, known.loan_id) as loan_id,
        answer.status,
        answer.is_proposed as is_false_alarm_proposed,
        answer.staff_id,
        answer.checker_id,
        answer.done_at,
        answer.note,
        task.task_key is not null as is_listed
    from answer
    left join task on answer.task_key = task.task_key
    left join before on answer.task_key = before.task_key
    left join known on answer.task_key = known.task_key
)

select * from feedback
