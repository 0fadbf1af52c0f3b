-- one row per client and rule that stands against an offer to it (product null: any), and what its sentence says
with
setting as (
    select
        max(case when setting = 'suppressed_colour_rank' then value end) as colour_rank,
        max(case when setting = 'suppressed_class_rank' then value end) as class_rank,
        max(case when setting = 'complaint_days' then value end) as complaint_days,
        max(case when setting = 'declined_days' then value end) as declined_days,
        max(case when setting = 'pending_days' then value end) as pending_days,
        max(case when setting = 'fatigue_contacts' then value end) as fatigue_contacts
    from policy.offer_setting
),

survey_line as (
    select
        max(case when setting = 'low_csat' then value end) as low_csat,
        max(case when setting = 'detractor_nps' then value end) as detractor_nps
    from policy.task_setting
),

client as (
    select
        client_id,
        branch_id,
        marketing_consent
    from staging.client
    where is_active
),

consent_supplied as (
    select count(*) as columns
    from night.supplied_column
    where table_name = 'client' and column_name = 'marketing_consent'
),

coloured as (
    select
        warning.client_id,
        warning.colour
    from warnings.warning as warning
    inner join policy.colour as colour on warning.colour = colour.colour
    cross join setting
    where colour.rank >= setting.colour_rank
),

class_known as (
    select
        client_id,
        floor_class as asset_class
    from warnings.warning
    union all
    select
        client_id,
        asset_class
    from features.loan_state
    where status <> 'closed'
),

classed as (
    select
        class_known.client_id,
        class_known.asset_class,
        row_number() over (
            partition by class_known.client_id order by class.rank desc, class_known.asset_class asc
        ) as place
    from class_known
    inner join policy.asset_class as class on class_known.asset_class = class.asset_class
    cross join setting
    where class.rank >= setting.class_rank
),

complained as (
    select
        survey.client_id,
        max(survey.answered_on) as complaint_on
    from staging.survey as survey
    cross join setting
    cross join survey_line
    where
        (survey.csat <= survey_line.low_csat or survey.nps <= survey_line.detractor_nps)
        and date_diff('day', survey.answered_on, $business_date) <= setting.complaint_days
    group by survey.client_id
),

conversation as (
    select
        contact.client_id,
        max(contact.occurred_on) as last_on
    from tasks_contact.contact as contact
    inner join policy.contact_kind as contact_kind on contact.kind = contact_kind.kind
    where contact_kind.is_personal and contact.is_two_way and coalesce(contact.channel, '') <> 'message'
    group by contact.client_id
),

waiting as (
    select
        complained.client_id,
        complained.complaint_on
    from complained
    left join conversation on complained.client_id = conversation.client_id
    where coalesce(conversation.last_on < complained.complaint_on, true)
),

held_out as (
    select
        client_id,
        product,
        min(campaign) as campaign
    from tasks.campaign
    where arm = 'hold_out' and outcome_until >= $business_date
    group by client_id, product
),

declined as (
    select
        offer.client_id,
        offer.product,
        max(offer.outcome_on) as declined_on
    from staging.offer as offer
    cross join setting
    where
        offer.outcome = 'declined'
        and date_diff('day', offer.outcome_on, $business_date) <= setting.declined_days
    group by offer.client_id, offer.product
),

-- what somebody decided not to propose, for as long as a client that declined is left alone, or until its day
decided as (
    select
        subject_key,
        verdict,
        decided_on,
        until,
        row_number() over (partition by subject_key order by decided_at desc, decision_id desc) as place
    from warnings.decision
    where subject = 'proposal' and refused_because is null
),

turned_down as (
    select
        proposal.client_id,
        proposal.product,
        max(decided.decided_on) as decided_on
    from decided
    cross join setting
    inner join care.proposal as proposal on decided.subject_key = proposal.proposal_id
    where
        decided.place = 1
        and proposal.product is not null
        and (
            (
                decided.verdict = 'reject'
                and date_diff('day', decided.decided_on, $business_date) <= setting.declined_days
            )
            or (decided.verdict = 'snooze' and decided.until > $morning)
        )
    group by proposal.client_id, proposal.product
),

pending as (
    select
        offer.client_id,
        offer.product,
        max(offer.offered_on) as pending_on
    from staging.offer as offer
    cross join setting
    where
        offer.outcome = 'pending'
        and date_diff('day', offer.offered_on, $business_date) <= setting.pending_days
    group by offer.client_id, offer.product
),

tired as (
    select contacted.client_id
    from tasks_offer.contacted as contacted
    cross join setting
    where contacted.contacts_30d_count >= setting.fatigue_contacts
),

beyond as (
    select
        owner.client_id,
        carried.clients_carried
    from tasks.client_owner as owner
    inner join tasks_contact.carried as carried
        on owner.branch_id = carried.branch_id and coalesce(owner.owner_id, '') = carried.owner_id
    where carried.is_beyond_capacity
),

{% set rules = {
    'colour': ('coloured', {'detail': 'coloured.colour'}),
    'class': ('classed', {'detail': 'classed.asset_class'}),
    'complaint': ('waiting', {'on_day': 'waiting.complaint_on'}),
    'hold_out': ('held_out', {'product': 'held_out.product', 'detail': 'held_out.campaign'}),
    'declined': ('declined', {'product': 'declined.product', 'on_day': 'declined.declined_on'}),
    'turned_down': ('turned_down', {'product': 'turned_down.product', 'on_day': 'turned_down.decided_on'}),
    'pending': ('pending', {'product': 'pending.product', 'on_day': 'pending.pending_on'}),
    'fatigue': ('tired', {}),
    'capacity': ('beyond', {'counted': 'beyond.clients_carried'}),
} %}
found as (
    {% for rule, (step, said) in rules.items() %}
    select
        {{ step }}.client_id,
        '{{ rule }}' as rule,
        cast({{ said.get('product', 'null') }} as varchar) as product,
        cast({{ said.get('detail', 'null') }} as varchar) as detail,
        cast({{ said.get('on_day', 'null') }} as date) as on_day,
        cast({{ said.get('counted', 'null') }} as integer) as counted
    from {{ step }}
    {{ 'where classed.place = 1' if rule == 'class' }}
    union all
    {% endfor %}
    select
        client.client_id,
        'consent' as rule,
        cast(null as varchar) as product,
        cast(null as varchar) as detail,
        cast(null as date) as on_day,
        cast(null as integer) as counted
    from client
    cross join consent_supplied
    where consent_supplied.columns > 0 and not coalesce(client.marketing_consent, false)
)

select * from found
