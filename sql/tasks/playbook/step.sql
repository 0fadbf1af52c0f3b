-- one row per client, indicator that fired and step that its band asks of such a client, with its words
-- `counterpart` is what it is asked in the place of, or what would be asked in its place.
with
signal as (
    select
        client_id,
        indicator,
        band
    from warnings.signal
),

client as (
    select
        client_id,
        client_kind
    from staging.client
),

rule as (
    select * from policy.playbook_step
),

word as (
    select * from policy.playbook_step_text
),

-- steps of the client's own kind stand in place of those for any
fitting as (
    select
        signal.client_id,
        signal.indicator,
        signal.band,
        rule.step,
        rule.owner_role,
        rule.due_workdays,
        rule.action,
        rule.evidence,
        rank() over (
            partition by signal.client_id, signal.indicator
            order by case when rule.applies_to = 'any' then 1 else 0 end
        ) as place
    from signal
    inner join client on signal.client_id = client.client_id
    inner join rule
        on
            signal.indicator = rule.indicator
            and signal.band = rule.band
            and rule.applies_to in (client.client_kind, 'any')
),

-- whether to call a loan is not asked of whoever has none that is not due in full
asked as (
    select
        fitting.client_id,
        fitting.indicator,
        fitting.band,
        fitting.step,
        fitting.owner_role,
        fitting.due_workdays,
        case when all_due.client_id is null then fitting.action else coalesce(called_step.instead, fitting.action) end
            as action,
        case when all_due.client_id is null then called_step.instead else fitting.action end as counterpart,
        fitting.evidence
    from fitting
    left join policy.called_step as called_step on fitting.action = called_step.action
    left join features_loan.all_due as all_due on fitting.client_id = all_due.client_id
    where fitting.place = 1
),

worded as (
    select
        asked.client_id,
        asked.indicator,
        asked.band,
        asked.step,
        asked.owner_role,
        asked.due_workdays,
        asked.action,
        asked.counterpart,
        asked.evidence,
        action.words_zh as action_zh,
        action.words_en as action_en,
        evidence.words_zh as evidence_zh,
        evidence.words_en as evidence_en
    from asked
    left join word as action on action.part = 'action' and asked.action = action.code
    left join word as evidence on evidence.part = 'evidence' and asked.evidence = evidence.code
)

select * from worded
