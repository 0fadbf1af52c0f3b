-- one row per active client: what whoever speaks with it next has to know, as sentences with their figures
{% set notes = ('last_contact', 'last_uncounted', 'never_counted', 'no_contact', 'mass_since', 'promise_kept',
    'promise_kept_late', 'promise_open', 'promise_late', 'promise_broken', 'open_needs', 'signals_since',
    'tier_since') %}
with
client as (
    select
        client.client_id,
        client_tier.carrier_client_id,
        client_tier.is_contact_owed,
        client_tier.tier,
        client_tier.changed_on,
        client_tier.changed_from
    from staging.client as client
    left join tiers.client_tier as client_tier on client.client_id = client_tier.client_id
    where client.is_active
),

-- who leads the group speaks for its company; what was sent to many told nobody anything. What may count for the plan
-- is of a kind that policy counts, and has both sides speaking
graded as (
    select
        contact.contact_id,
        contact.client_id,
        contact.occurred_at,
        contact.occurred_on,
        contact.channel,
        contact.outcome,
        contact_kind.counts,
        coalesce(contact.is_two_way, false) as is_two_way,
        contact_kind.is_personal and coalesce(contact.channel, '') <> 'message' as is_conversation,
        contact_kind.is_personal
        and coalesce(contact.channel, '') <> 'message'
        and contact_kind.counts <> 'never'
        and coalesce(contact.is_two_way, false) as is_counting
    from tasks_contact.contact as contact
    inner join policy.contact_kind as contact_kind on contact.kind = contact_kind.kind
),

conversation as (
    select * from graded
    where is_conversation
),

-- with whom: the client itself, and whoever leads its group; the fixed contacts of one that is owed none are had with
-- its leader; null: it has no tier that would say so
spoken_to as (
    select
        client_id,
        client_id as with_id,
        is_contact_owed as is_fixed_with
    from client
    union all
    select
        client_id,
        carrier_client_id as with_id,
        true as is_fixed_with
    from client
    where carrier_client_id <> client_id
),

last_moment as (
    select
        spoken_to.client_id,
        max(conversation.occurred_at) as occurred_at
    from spoken_to
    inner join conversation on spoken_to.with_id = conversation.client_id
    group by spoken_to.client_id
),

last_id as (
    select
        spoken_to.client_id,
        max(conversation.contact_id) as contact_id
    from spoken_to
    inner join conversation on spoken_to.with_id = conversation.client_id
    inner join last_moment
        on spoken_to.client_id = last_moment.client_id and conversation.occurred_at = last_moment.occurred_at
    group by spoken_to.client_id
),

last_contact as (
    select
        last_id.client_id,
        conversation.client_id as with_id,
        conversation.occurred_on,
        conversation.channel,
        conversation.outcome,
        conversation.counts,
        conversation.is_two_way
    from last_id
    inner join conversation on last_id.contact_id = conversation.contact_id
),

-- the last day on which it was spoken with so that it counts, and on which something was only sent or held for many
day_of_last as (
    select
        spoken_to.client_id,
        max(
            case when graded.is_counting and coalesce(spoken_to.is_fixed_with, true) then graded.occurred_on end
        ) as counted_on,
        max(case when not graded.is_conversation then graded.occurred_on end) as mass_on
    from spoken_to
    inner join graded on spoken_to.with_id = graded.client_id
    group by spoken_to.client_id
),

setting as (
    select
        cast(max(case when setting = 'promise_told_days' then value end) as integer) as told_days,
        cast(max(case when setting = 'outcome_told_length' then value end) as integer) as told_length
    from policy.task_setting
),

-- one that was kept long ago tells nothing of whoever speaks with the client tomorrow
told_promise as (
    select
        promise.promise_id,
        promise.client_id,
        promise.state,
        promise.due_on
    from tasks.promise_state as promise
    cross join setting
    where
        promise.state not in ('kept', 'kept_late')
        or coalesce(promise.kept_on, promise.due_on) >= $business_date - setting.told_days
),

-- one that is not kept goes before a later one that is
promised as (
    select
        client_id,
        state,
        due_on,
        row_number() over (
            partition by client_id
            order by
                case when state in ('late', 'broken') then 0 else 1 end asc,
                due_on desc,
                promise_id asc
        ) as place
    from told_promise
),

needed as (
    select
        client_id,
        cast(count(*) as integer) as needs
    from staging.need
    where is_open
    group by client_id
),

-- of what is for risk alone the branch reads nothing; a feed that is late is nothing that happened to the client
fired as (
    select
        signal.client_id,
        cast(count(*) as integer) as signals
    from warnings.signal as signal
    inner join policy.indicator as indicator
        on signal.indicator = indicator.indicator and indicator.counts_for_colour
    inner join last_contact on signal.client_id = last_contact.client_id
    inner join warnings_episode.begun as begun
        on signal.client_id = begun.client_id and signal.indicator = begun.indicator
    where
        signal.audience = 'branch'
        and signal.severity in ('amber', 'red')
        and begun.started_on > last_contact.occurred_on
    group by signal.client_id
),

supplied as (
    select is_supplied as is_contact_known
    from night.supplied
    where table_name = 'contact'
),

known as (
    select
        client.client_id,
        supplied.is_contact_known,
        last_contact.occurred_on as last_on,
        last_contact.channel as last_channel,
        -- a word or two; what is longer is a note, and stays in the bank's own records
        case when length(last_contact.outcome) <= setting.told_length then last_contact.outcome end as last_outcome,
        last_contact.with_id as last_with_id,
        last_contact.counts as last_counts,
        last_contact.is_two_way as last_is_two_way,
        day_of_last.counted_on,
        case
            when day_of_last.mass_on > coalesce(last_contact.occurred_on, date '1900-01-01') then day_of_last.mass_on
        end as mass_on,
        case when promised.state = 'due' then 'open' else promised.state end as promise_state,
        promised.due_on as promise_due_on,
        needed.needs,
        fired.signals,
        case when client.changed_on > last_contact.occurred_on then client.changed_from end as tier_from,
        client.tier as tier_to
    from client
    cross join supplied
    cross join setting
    left join last_contact on client.client_id = last_contact.client_id
    left join day_of_last on client.client_id = day_of_last.client_id
    left join promised on client.client_id = promised.client_id and promised.place = 1
    left join needed on client.client_id = needed.client_id
    left join fired on client.client_id = fired.client_id
),

note as (
    select
        {% for note in notes %}
        max(case when note = '{{ note }}' then words_zh end) as {{ note }}_zh,
        max(case when note = '{{ note }}' then words_en end) as {{ note }}_en,
        {% endfor %}
        count(*) as notes
    from policy.contact_note_text
),

worded as (
    select
        {% for language in ('zh', 'en') %}
        case
            when known.last_on is not null then note.last_contact_{{ language }}
            when known.is_contact_known then note.no_contact_{{ language }}
            else ''
        end
        || case
            when known.last_on is null or known.counted_on = known.last_on then ''
            when known.counted_on is not null then note.last_uncounted_{{ language }}
            else note.never_counted_{{ language }}
        end
        || case when known.mass_on is null then '' else note.mass_since_{{ language }} end
        || case known.promise_state
            {% for state in ('kept', 'kept_late', 'open', 'late', 'broken') %}
            when '{{ state }}' then note.promise_{{ state }}_{{ language }}
            {% endfor %}
            else ''
        end
        || case when known.needs is null then '' else note.open_needs_{{ language }} end
        || case when known.signals is null then '' else note.signals_since_{{ language }} end
        || case when known.tier_from is null then '' else note.tier_since_{{ language }} end
            as background_{{ language }},
        {% endfor %}
        known.client_id,
        known.last_on,
        known.last_channel,
        known.last_outcome,
        known.last_with_id,
        known.last_counts,
        known.last_is_two_way,
        known.counted_on,
        known.mass_on,
        known.promise_state,
        known.promise_due_on,
        known.needs,
        known.signals,
        known.tier_from,
        known.tier_to
    from known
    cross join note
)

select * from worded
