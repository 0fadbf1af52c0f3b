-- one row per client and contact window that a fixed contact, or one special one, has filled
with
windows as (
    select * from candidate.contact_window
),

gap as (
    select cast(max(case when setting = 'contact_gap_days' then value end) as integer) as days
    from policy.task_setting
),

-- a message to many is no contact
counted as (
    select
        contact.client_id,
        contact.contact_id,
        contact.occurred_on,
        contact.is_two_way,
        contact_kind.counts = 'once' as is_stand_in,
        windows.period_start,
        windows.slot,
        windows.is_last_slot
    from staging.contact as contact
    inner join policy.contact_kind as contact_kind on contact.kind = contact_kind.kind
    inner join tiers.client_tier as client_tier on contact.client_id = client_tier.client_id
    inner join windows
        on
            client_tier.tier = windows.tier
            and contact.occurred_on >= windows.window_start
            and contact.occurred_on <= windows.window_end
    where contact_kind.counts <> 'never' and coalesce(contact.channel, '') <> 'message'
),

-- slot by slot: a week apart, one stand-in and at least one conversation in a period
{% for slot in (1, 2, 3) %}
choice_{{ slot }} as (
    select
        counted.client_id,
        counted.period_start,
        counted.occurred_on,
        counted.is_two_way,
        counted.is_stand_in,
        row_number() over (
            partition by counted.client_id, counted.period_start
            order by counted.is_two_way desc, counted.is_stand_in asc, counted.occurred_on asc, counted.contact_id asc
        ) as place
    from counted
    {% if slot > 1 %}
    cross join gap
    left join so_far_{{ slot - 1 }} as so_far
        on counted.client_id = so_far.client_id and counted.period_start = so_far.period_start
    {% endif %}
    where
        counted.slot = {{ slot }}
        {% if slot > 1 %}
        and (so_far.last_on is null or date_diff('day', so_far.last_on, counted.occurred_on) >= gap.days)
        and (not counted.is_stand_in or not coalesce(so_far.has_stand_in, false))
        and (counted.is_two_way or not counted.is_last_slot or coalesce(so_far.has_two_way, false))
        {% else %}
        and (counted.is_two_way or not counted.is_last_slot)
        {% endif %}
),

picked_{{ slot }} as (
    select
        client_id,
        period_start,
        {{ slot }} as slot,
        occurred_on,
        is_two_way,
        is_stand_in
    from choice_{{ slot }}
    where place = 1
),

all_{{ slot }} as (
    {% if slot > 1 %}
    select * from all_{{ slot - 1 }}
    union all
    {% endif %}
    select * from picked_{{ slot }}
),

so_far_{{ slot }} as (
    select
        client_id,
        period_start,
        max(occurred_on) as last_on,
        max(case when is_two_way then 1 else 0 end) = 1 as has_two_way,
        max(case when is_stand_in then 1 else 0 end) = 1 as has_stand_in
    from all_{{ slot }}
    group by client_id, period_start
),

{% endfor %}
done as (
    select
        client_id,
        period_start,
        slot,
        occurred_on
    from all_3
)

select * from done
