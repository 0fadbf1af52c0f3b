-- one row per signal that a branch may see and that colours its client
with
signal as (
    select * from warnings.signal
    where audience = 'branch'
),

coloured as (
    select
        client_id,
        colour,
        colour_since
    from warnings.warning
),

listed as (
    select
        signal.client_id,
        'warning' as kind,
        signal.indicator as subject,
        signal.first_seen as started_on,
        -- the clock starts when the client reached its colour, or with the signal that joins it later
        greatest(signal.first_seen, coloured.colour_since) as clock_from,
        special_contact.sla_days,
        signal.severity,
        coalesce(signal.hard, false) as is_hard,
        signal.change,
        signal.indicator,
        signal.loan_id,
        signal.project_id,
        indicator.playbook,
        signal.reason_zh,
        signal.reason_en,
        indicator_text.next_step_zh,
        indicator_text.next_step_en
    from signal
    inner join coloured on signal.client_id = coloured.client_id
    inner join policy.special_contact as special_contact on coloured.colour = special_contact.event
    inner join policy.indicator as indicator on signal.indicator = indicator.indicator
    left join policy.indicator_text as indicator_text on signal.indicator = indicator_text.indicator
    where indicator.counts_for_colour
)

select * from listed
