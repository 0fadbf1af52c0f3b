-- one row per signal that lists may ask something for: not one that a person put off or called a false alarm, nor what
-- is no graver and tells of the same event or fact to the same readers
-- What is hard is never kept quiet, and no colour changes by it: the branch's list names what rests.
{% import 'macros/told.sql' as told %}
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

keyed as (
    select
        signal.client_id,
        signal.indicator,
        signal.audience,
        {{ told.line_key('signal', 'told_together') | indent(8) }} as line_key,
        case signal.severity when 'red' then 2 when 'amber' then 1 else 0 end as severity_rank,
        resting.client_id is not null as is_resting
    from signal
    left join policy.told_together as told_together on signal.indicator = told_together.indicator
    left join resting
        on
            signal.client_id = resting.client_id
            and signal.indicator = resting.indicator
            and coalesce(signal.loan_id, '') || '|' || coalesce(signal.project_id, '') = resting.subject
),

resting_line as (
    select
        client_id,
        line_key,
        audience,
        max(severity_rank) as severity_rank
    from keyed
    where is_resting
    group by client_id, line_key, audience
),

quiet as (
    select
        keyed.client_id,
        keyed.indicator
    from keyed
    inner join resting_line
        on
            keyed.client_id = resting_line.client_id
            and keyed.line_key = resting_line.line_key
            and keyed.audience is not distinct from resting_line.audience
    where keyed.is_resting or keyed.severity_rank <= resting_line.severity_rank
),

told as (
    select signal.*
    from signal
    left join quiet on signal.client_id = quiet.client_id and signal.indicator = quiet.indicator
    where quiet.client_id is null or coalesce(signal.hard, false)
)

select * from told
