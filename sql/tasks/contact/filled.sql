-- one row per client and contact window that a fixed contact, or one special one, filled, in time or late, and when
with
windows as (
    select
        client_id,
        slot,
        period_start,
        window_start,
        window_end,
        open_until,
        is_last_slot
    from tasks_contact.owed
    where kind = 'fixed' and place >= 1
),

gap as (
    select cast(max(case when setting = 'contact_gap_days' then value end) as integer) as days
    from policy.task_setting
),

-- a message to many is no contact
counted as (
    select
        contact.client_id,
        contact.occurred_on,
        contact.is_two_way,
        contact_kind.counts = 'once' as is_stand_in,
        windows.period_start,
        windows.slot,
        windows.is_last_slot,
        contact.occurred_on <= windows.window_end as is_in_time
    from tasks_contact.contact as contact
    inner join policy.contact_kind as contact_kind on contact.kind = contact_kind.kind
    inner join windows
        on
            contact.client_id = windows.client_id
            and contact.occurred_on >= windows.window_start
            and contact.occurred_on <= windows.open_until
    where contact_kind.counts <> 'never' and coalesce(contact.channel, '') <> 'message'
),

-- slot by slot, every way to fill it: a week apart, one stand-in and at least one conversation in a period
{% for slot in (1, 2, 3) %}
{% set so_far = 'way_' ~ (slot - 1) %}
choice_{{ slot }} as (
    select
        counted.client_id,
        counted.period_start,
        counted.occurred_on as last_on,
        counted.is_in_time,
        {% if slot > 1 %}
        counted.is_two_way or coalesce(so_far.has_two_way, false) as has_two_way,
        counted.is_stand_in or coalesce(so_far.has_stand_in, false) as has_stand_in
        {% else %}
        counted.is_two_way as has_two_way,
        counted.is_stand_in as has_stand_in
        {% endif %}
    from counted
    {% if slot > 1 %}
    cross join gap
    left join {{ so_far }} as so_far
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

filled_{{ slot }} as (
    select
        client_id,
        period_start,
        {{ slot }} as slot,
        max(case when is_in_time then 1 else 0 end) = 1 as is_in_time,
        min(last_on) as done_on
    from choice_{{ slot }}
    group by client_id, period_start
),

{% if not loop.last %}
-- the ways that are left; a slot that none of them fills is passed over
way_{{ slot }} as (
    select distinct
        client_id,
        period_start,
        last_on,
        has_two_way,
        has_stand_in
    from choice_{{ slot }}
    {% if slot > 1 %}
    union all
    select so_far.*
    from {{ so_far }} as so_far
    left join filled_{{ slot }} as filled
        on so_far.client_id = filled.client_id and so_far.period_start = filled.period_start
    where filled.client_id is null
    {% endif %}
),

{% endif %}
{% endfor %}
done as (
    {% for slot in (1, 2, 3) %}
    select * from filled_{{ slot }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select * from done
