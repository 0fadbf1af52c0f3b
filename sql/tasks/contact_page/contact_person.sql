-- one row per branch and person with clients or contacts: how many clients, whether these are too many, and what was
-- done (in time or late), is open (overdue among it) and was missed of the fixed contacts and of the special ones
{% import 'macros/coverage.sql' as coverage %}
{% set parts = {'fixed': "kind <> 'special'", 'special': "event = 'all'"} %}
{% set counts = ('done_count', 'done_late_count', 'open_count', 'overdue_count', 'missed_count') %}
with
setting as (
    select max(case when setting = 'clients_per_owner' then value end) as clients_per_owner
    from policy.task_setting
),

counted as (
    select
        {% for part, of in parts.items() %}
        {% for count in counts %}
        sum(case when {{ of }} then {{ count }} else 0 end) as {{ part }}_{{ count }},
        {% endfor %}
        {% endfor %}
        branch_id,
        owner_id
    from tasks.contact_coverage
    group by branch_id, owner_id
),

shared as (
    select
        counted.*,
        fixed_done_count + fixed_done_late_count as fixed_kept_count,
        special_done_count + special_done_late_count as special_kept_count,
        {{ coverage.share_pct('fixed_') }} as fixed_coverage_pct,
        {{ coverage.share_pct('special_') }} as special_coverage_pct
    from counted
),

-- relationships above the lowest tier, each once
owned as (
    select
        owner.branch_id,
        coalesce(owner.owner_id, '') as owner_id,
        sum(case when client_tier.is_contact_owed and tier.level > 0 then 1 else 0 end) as clients_carried
    from tasks.client_owner as owner
    left join tiers.client_tier as client_tier on owner.client_id = client_tier.client_id
    left join policy.tier as tier on client_tier.tier = tier.tier
    group by owner.branch_id, coalesce(owner.owner_id, '')
),

person as (
    select
        branch_id,
        owner_id
    from counted
    union
    select
        branch_id,
        owner_id
    from owned
    where clients_carried > 0
),

told as (
    select
        person.branch_id,
        {% for part in parts %}
        {% set count = 'shared.' ~ part ~ '_' %}
        cast(coalesce({{ count }}kept_count, 0) as integer) as {{ part }}_done_count,
        cast(coalesce({{ count }}open_count, 0) as integer) as {{ part }}_open_count,
        cast(coalesce({{ count }}overdue_count, 0) as integer) as {{ part }}_overdue_count,
        cast(coalesce({{ count }}missed_count, 0) as integer) as {{ part }}_missed_count,
        {{ count }}coverage_pct,
        {% endfor %}
        nullif(person.owner_id, '') as staff_id,
        cast(coalesce(owned.clients_carried, 0) as integer) as carried_count,
        coalesce(owned.clients_carried, 0) > setting.clients_per_owner as is_over_capacity
    from person
    cross join setting
    left join shared on person.branch_id = shared.branch_id and person.owner_id = shared.owner_id
    left join owned on person.branch_id = owned.branch_id and person.owner_id = owned.owner_id
)

select * from told
