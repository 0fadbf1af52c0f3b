-- one row per signal that lists may ask something for: not one that a person put off or called a false alarm, nor what
-- tells the same readers of the same event or fact, and was there to be seen when the person decided
-- A decision puts off what was seen and no more: another loan, a graver severity, a worse least colour, and what fired
-- since are told. What is hard is never kept quiet, and no colour changes by it: the branch's list names what rests.
{% import 'macros/told.sql' as told %}
with
signal as (
    select
        signal.*,
        begun.started_on,
        begun.graver_on
    from warnings.signal as signal
    inner join warnings_episode.begun as begun
        on signal.client_id = begun.client_id and signal.indicator = begun.indicator
),

resting as (
    select
        episode.client_id,
        episode.indicator,
        coalesce(episode.loan_id, '') || '|' || coalesce(episode.project_id, '') as subject,
        decision.decided_on
    from warnings.episode as episode
    left join warnings.decision as decision on episode.decision_id = decision.decision_id
    where episode.is_suppressed
),

subjected as (
    select
        *,
        coalesce(loan_id, '') || '|' || coalesce(project_id, '') as subject
    from signal
),

keyed as (
    select
        subjected.client_id,
        subjected.indicator,
        subjected.audience,
        subjected.subject,
        subjected.event_key,
        subjected.started_on,
        {{ told.line_key('subjected', 'told_together') | indent(8) }} as line_key,
        case subjected.severity when 'red' then 2 when 'amber' then 1 else 0 end as severity_rank,
        coalesce(colour.rank, 0) as least_rank,
        resting.client_id is not null as is_resting,
        resting.decided_on
    from subjected
    left join policy.told_together as told_together on subjected.indicator = told_together.indicator
    left join policy.colour as colour on subjected.min_colour = colour.colour
    left join resting
        on
            subjected.client_id = resting.client_id
            and subjected.indicator = resting.indicator
            and subjected.subject = resting.subject
),

-- one event has one key, whatever each report names with it; one fact is of one loan or project
beside as (
    select
        keyed.client_id,
        keyed.indicator
    from keyed
    inner join keyed as at_rest
        on
            keyed.client_id = at_rest.client_id
            and keyed.line_key = at_rest.line_key
            and keyed.audience is not distinct from at_rest.audience
            and (keyed.event_key = at_rest.event_key or keyed.subject = at_rest.subject)
            and keyed.severity_rank <= at_rest.severity_rank
            and keyed.least_rank <= at_rest.least_rank
            and keyed.started_on < at_rest.decided_on
    where at_rest.is_resting
),

quiet as (
    select
        client_id,
        indicator
    from keyed
    where is_resting
    union distinct
    select
        client_id,
        indicator
    from beside
),

told as (
    select signal.*
    from signal
    left join quiet on signal.client_id = quiet.client_id and signal.indicator = quiet.indicator
    where quiet.client_id is null or coalesce(signal.hard, false)
)

select * from told
