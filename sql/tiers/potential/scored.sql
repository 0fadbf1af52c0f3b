-- one row per relationship judged: its growth potential of 0 to 100, its parts and what is missing
{% set parts = ['inflow', 'wallet', 'pipeline', 'product', 'rating', 'sector', 'momentum'] %}
with
part as (
    select * from tiers_potential.part
),

weights as (
    select
        {% for part in parts %}
        coalesce(max(case when part = '{{ part }}' then weight end), 0) as {{ part }}_weight,
        {% endfor %}
        sum(weight) as total_weight
    from policy.potential_weight
),

pointed as (
    select
        part.*,
        {% for part in parts %}
        cast(weights.{{ part }}_weight * part.{{ part }}_share as decimal(9, 4)) as {{ part }}_points,
        {% endfor %}
        cast(
            0
            {% for part in parts %}
            + case when part.{{ part }}_share is null then 0 else weights.{{ part }}_weight end
            {% endfor %}
            as decimal(18, 8)
        ) as weight,
        weights.total_weight
    from part
    cross join weights
),

-- what is missing is left out of both: the rest is scaled up
scaled as (
    select
        pointed.*,
        cast(
            100.0 * (
                0
                {% for part in parts %}
                + coalesce({{ part }}_points, 0)
                {% endfor %}
            ) / nullif(weight, 0)
            as decimal(9, 4)
        ) as assessed_score,
        cast(weight / nullif(total_weight, 0) as decimal(6, 4)) as completeness,
        nullif(
            concat_ws(
                ',',
                {% for part in parts %}
                case when {{ part }}_points is null then '{{ part }}' end{{ '' if loop.last else ',' }}
                {% endfor %}
            ),
            ''
        ) as not_assessed
    from pointed
)

select * from scaled
