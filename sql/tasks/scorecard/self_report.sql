-- one row per person, client and day on which the bank knew from that person that something was wrong: an observation,
-- or an observed warning that the person confirmed
-- To confirm what the bank's own figures say, such as arrears, tells the bank nothing.
with
observed as (
    select
        staff_id,
        client_id,
        greatest(
            observed_on,
            coalesce(cast((known_at at time zone 'UTC') at time zone $timezone as date), observed_on)
        ) as told_on
    from source.observation
),

confirmed as (
    select
        decision.decided_by as staff_id,
        episode.client_id,
        decision.decided_on as told_on
    from warnings.decision as decision
    inner join warnings.episode as episode on decision.subject_key = episode.episode_id
    inner join policy.indicator as rule on episode.indicator = rule.indicator
    where
        rule.family = 'observed'
        and decision.subject = 'episode'
        and decision.verdict = 'confirm'
        and decision.refused_because is null
),

self_report as (
    select * from observed
    union distinct
    select * from confirmed
)

select * from self_report
