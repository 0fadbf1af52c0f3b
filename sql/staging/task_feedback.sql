-- one row per task key: the newest report on it that was known by the cut-off
with
feedback as (
    select * from source.task_feedback
    where done_at <= $cutoff
),

newest as (
    select
        feedback.*,
        row_number() over (
            partition by task_key
            order by done_at desc, known_at desc nulls last, status asc
        ) as place
    from feedback
),

latest as (
    select
        task_key,
        -- a false alarm takes a second person: until then the report counts as seen
        case
            when status = 'false_alarm' and coalesce(checker_id = staff_id, true) then 'acknowledged'
            else status
        end as status,
        status = 'false_alarm' and coalesce(checker_id = staff_id, true) as is_proposed,
        cast((done_at at time zone 'UTC') at time zone $timezone as date) as done_on,
        done_at,
        staff_id,
        checker_id,
        note
    from newest
    where place = 1
)

select * from latest
