-- one row per signal that lists may ask something for: not one that a person put off or called a false alarm
-- What is hard is never kept quiet, and no colour changes by it: the branch's list names what rests.
with
signal as (
    select * from warnings.signal
),

resting as (
    select
        client_id,
        indicator,
        coalesce(loan_id, '') || '|' || coalesce(project_id, '') as subject
    from warnings.episode
    where is_suppressed
),

told as (
    select signal.*
    from signal
    left join resting
        on
            signal.client_id = resting.client_id
            and signal.indicator = resting.indicator
            and coalesce(signal.loan_id, '') || '|' || coalesce(signal.project_id, '') = resting.subject
    where resting.client_id is null or coalesce(signal.hard, false)
)

select * from told
