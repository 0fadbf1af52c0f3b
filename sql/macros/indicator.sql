{# How an indicator grades its measurements. An indicator file has two steps, `rule` (its policy row) and `measured`
   (client_id, loan_id, project_id, is_assessed, value, baseline, second_value, data_date, source_keys), and ends with
   {{ indicator.judge(...) }} and `select * from worst`: one row per client, the worst loan or project named. #}

{% macro crosses(level) -%}
case (rule.direction || ' ' || rule.{{ level }}_when)
                when 'high reached' then measured.value >= rule.{{ level }}_value
                when 'high passed' then measured.value > rule.{{ level }}_value
                when 'low reached' then measured.value <= rule.{{ level }}_value
                when 'low passed' then measured.value < rule.{{ level }}_value
            end
{%- endmacro %}

{# amber_if, red_if: what a crossing needs besides; amber_too, red_too: what fires without one; hard: what makes it hard
   (and so red). Each is a condition over `measured` and `rule`. many: more than one row per client may be measured. #}
{% macro judge(
    amber_if='true',
    amber_too='false',
    red_if='true',
    red_too='false',
    red_threshold='rule.red_value',
    hard='false',
    min_colour='rule.min_colour',
    reason_case='null',
    event_key='null',
    detail='null',
    many=false
) -%}
graded as (
    select
        measured.*,
        rule.indicator,
        rule.direction,
        coalesce(
            {{ crosses('amber') }}
            and {{ amber_if }},
            false
        ) or coalesce({{ amber_too }}, false) as is_amber,
        coalesce(
            {{ crosses('red') }}
            and {{ amber_if }}
            and {{ red_if }},
            false
        ) or coalesce({{ red_too }}, false) as is_red,
        coalesce({{ hard }}, false) as is_hard,
        rule.amber_value as amber_threshold,
        {{ red_threshold }} as red_threshold,
        {{ min_colour }} as least_colour,
        cast({{ reason_case }} as varchar) as told_as,
        cast({{ event_key }} as varchar) as event,
        cast({{ detail }} as varchar) as told_detail
    from measured
    cross join rule
),

judged as (
    select
        client_id,
        loan_id,
        project_id,
        indicator,
        is_assessed or is_amber or is_red or is_hard as is_assessed,
        cast(value as decimal(18, 4)) as value,
        cast(baseline as decimal(18, 4)) as baseline,
        cast(second_value as decimal(18, 4)) as second_value,
        case when is_red or is_hard then 'red' when is_amber then 'amber' end as severity,
        is_hard,
        cast(
            case when is_red or is_hard then red_threshold when is_amber then amber_threshold end as decimal(18, 4)
        ) as threshold,
        data_date,
        source_keys,
        event as event_key,
        case when is_amber or is_red or is_hard then least_colour end as min_colour,
        told_detail as detail,
        case when is_amber or is_red or is_hard then told_as end as reason_case,
        case when is_hard then 3 when is_red then 2 when is_amber then 1 else 0 end as gravity,
        case when direction = 'high' then value else -value end as badness
    from graded
),

{# of several that are quiet, one that is not assessed speaks for the client -#}
{% if many -%}
ranked as (
    select
        *,
        row_number() over (
            partition by client_id
            order by
                gravity desc, is_assessed asc, badness desc nulls last, loan_id asc, project_id asc, source_keys asc
        ) as place
    from judged
),

{% endif -%}
worst as (
    select
        client_id,
        loan_id,
        project_id,
        indicator,
        is_assessed,
        value,
        baseline,
        second_value,
        severity,
        is_hard,
        threshold,
        data_date,
        source_keys,
        event_key,
        min_colour,
        detail,
        reason_case
    from {{ 'ranked\n    where place = 1' if many else 'judged' }}
)
{%- endmacro %}
