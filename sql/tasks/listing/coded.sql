-- one row per task: the short code that it is answered by, the same from night to night and its own within the branch
{% import 'macros/card_code.sql' as card_code %}
with
task as (
    select distinct
        branch_id,
        task_key
    from tasks_listing.scored
),

before as (
    select
        branch_id,
        task_key,
        card_code
    from previous.task
    where card_code is not null
),

kept as (
    select
        task.branch_id,
        task.task_key,
        before.card_code
    from task
    inner join before on task.branch_id = before.branch_id and task.task_key = before.task_key
),

fresh as (
    select
        task.branch_id,
        task.task_key
    from task
    left join before on task.branch_id = before.branch_id and task.task_key = before.task_key
    where before.task_key is null
),

digested as (
    {% for number in range(card_code.tries) %}
    select
        branch_id,
        task_key,
        {{ number }} as attempt,
        md5(task_key || '|{{ number }}') as digest
    from fresh
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

numbered as (
    select
        branch_id,
        task_key,
        attempt,
        {{ card_code.number('digest') }} as number
    from digested
),

written as (
    select
        branch_id,
        task_key,
        attempt,
        {{ card_code.written('number') }} as card_code
    from numbered
),

-- what another task of tonight could have as well is neither's, and what stood last night stays whose it was
wanted as (
    select
        branch_id,
        card_code,
        count(distinct task_key) as tasks
    from written
    group by branch_id, card_code
),

free as (
    select
        written.branch_id,
        written.task_key,
        written.card_code,
        row_number() over (partition by written.branch_id, written.task_key order by written.attempt) as place
    from written
    inner join wanted on written.branch_id = wanted.branch_id and written.card_code = wanted.card_code
    left join before on written.branch_id = before.branch_id and written.card_code = before.card_code
    where wanted.tasks = 1 and before.card_code is null
),

coded as (
    select
        branch_id,
        task_key,
        card_code
    from kept
    union all
    select
        branch_id,
        task_key,
        card_code
    from free
    where place = 1
)

select * from coded
