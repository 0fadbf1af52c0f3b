-- one row per client, basis (with or without contagion), and rule of policy colour that what fired reaches: the colour
with
-- an event that groups share is tried in each of them
{% set counted = [
    ('score', 'tally.score', 'colour.min_score', none, none),
    ('reds', 'tally.red_count', 'colour.red_count', 'tally.red_families', 'colour.red_families'),
    ('single_red', 'tally.red_weight', 'colour.single_red_weight', none, none),
    ('ambers', 'tally.amber_count', 'colour.amber_count', 'tally.amber_families', 'colour.amber_families'),
] %}
{% set alone = [
    ('hard', "fired.is_hard and colour.colour = 'red'"),
    ('least_colour', 'fired.min_colour = colour.colour'),
    ('told', "fired.severity = 'blue' and colour.colour = 'blue'"),
] %}
fired as (
    select * from warnings_verdict.fired
    where counts_for_colour
),

tally as (
    select * from warnings_verdict.tally
),

colour as (
    select * from policy.colour
),

catching as (
    select distinct client_id
    from fired
    where is_contagion
),

-- where contagion makes no difference the two are one
based as (
    select
        fired.*,
        'all' as basis
    from fired
    union all
    select
        fired.*,
        'base' as basis
    from fired
    inner join catching on fired.client_id = catching.client_id
    where not fired.is_contagion
),

reached as (
    {% for rule, value, line, families, family_line in counted %}
    select
        tally.client_id,
        tally.basis,
        '{{ rule }}' as rule,
        colour.rank,
        cast(null as varchar) as subject,
        cast({{ value }} as decimal(18, 4)) as value,
        cast({{ line }} as decimal(18, 4)) as line,
        cast({{ families or 'null' }} as integer) as family_count,
        cast({{ family_line or 'null' }} as integer) as family_line
    from tally
    inner join colour
        on {{ value }} >= {{ line }}{{ ' and ' ~ families ~ ' >= ' ~ family_line if families }}
    union all
    {% endfor %}
    {% for rule, condition in alone %}
    select
        fired.client_id,
        fired.basis,
        '{{ rule }}' as rule,
        colour.rank,
        fired.indicator as subject,
        cast(null as decimal(18, 4)) as value,
        cast(null as decimal(18, 4)) as line,
        cast(null as integer) as family_count,
        cast(null as integer) as family_line
    from based as fired
    inner join colour on {{ condition }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select * from reached
