{# How an indicator grades its measurements. An indicator file has two steps, `rule` (its policy row) and `measured`
   (client_id, loan_id, project_id, is_assessed, value, baseline, second_value, data_date, source_keys), and ends with
   {{ indicator.judge(...) }} and `select * from worst`: one row per client, the worst loan or project named. #}

{% macro crosses(level, line) -%}
case (rule.direction || ' ' || rule.{{ level }}_when)
                when 'high reached' then measured.value >= {{ line }}
                when 'high passed' then measured.value > {{ line }}
                when 'low reached' then measured.value <= {{ line }}
                when 'low passed' then measured.value < {{ line }}
            end
{%- endmacro %}

{# amber_if, red_if: what a crossing needs besides; amber_too, red_too: what fires without one; hard: what makes it hard
   (and so red); blue_if: what caps it at blue, told but not counted. Each is a condition over `measured` and `rule`.
   event_on: the day from which what is over loses weight (policy half_life_days). many: more than one row per client may
   be measured. amber_line, red_line: what a value is held against where it is not policy's own (a contract's). unseen:
   what keeps it from being assessed is nothing that this bank could know (money that goes on at other banks), so that it
   leaves coverage. guard_case: what kept a value beyond the amber line from firing; unread_case: why it is not assessed;
   codes of `quiet` in the message catalogues, told by explain alone. #}
{% macro judge(
    amber_if='true',
    amber_too='false',
    red_if='true',
    red_too='false',
    blue_if='false',
    amber_line='rule.amber_value',
    red_line='rule.red_value',
    amber_threshold=none,
    red_threshold=none,
    hard='false',
    min_colour='rule.min_colour',
    reason_case='null',
    event_key='null',
    event_on='null',
    band='null',
    detail='null',
    unseen='false',
    guard_case='null',
    unread_case='null',
    many=false
) -%}
graded as (
    select
        measured.*,
        rule.indicator,
        rule.direction,
        coalesce(
            {{ crosses('amber', amber_line) }}
            and {{ amber_if }},
            false
        ) or coalesce({{ amber_too }}, false) as is_amber,
        coalesce(
            {{ crosses('red', red_line) }}
            and {{ amber_if }}
            and {{ red_if }},
            false
        ) or coalesce({{ red_too }}, false) as is_red,
        coalesce({{ hard }}, false) as is_hard,
        coalesce({{ blue_if }}, false) as is_blue,
        {{ amber_threshold or amber_line }} as amber_threshold,
        {{ red_threshold or red_line }} as red_threshold,
        {{ min_colour }} as least_colour,
        cast({{ reason_case }} as varchar) as told_as,
        cast({{ event_key }} as varchar) as event,
        cast({{ event_on }} as date) as happened_on,
        cast({{ band }} as varchar) as own_band,
        cast({{ detail }} as varchar) as told_detail,
        coalesce({{ unseen }}, false) as is_beyond,
        cast(
            case
                when not coalesce(measured.is_assessed, false) then {{ unread_case }}
                when
                    {{ crosses('amber', amber_line) }}
                    then coalesce({{ guard_case }}, 'guard')
            end as varchar
        ) as quiet_as
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
        is_beyond and not (is_assessed or is_amber or is_red or is_hard) as is_unseen,
        cast(value as decimal(18, 4)) as value,
        cast(baseline as decimal(18, 4)) as baseline,
        cast(second_value as decimal(18, 4)) as second_value,
        case
            when is_hard then 'red'
            when is_blue and (is_red or is_amber) then 'blue'
            when is_red then 'red'
            when is_amber then 'amber'
        end as severity,
        case when is_amber or is_red or is_hard then coalesce(own_band, case when is_hard then 'hard' end) end as band,
        is_hard,
        cast(
            case
                when is_hard or (is_red and not is_blue) then red_threshold
                when is_amber or is_red then amber_threshold
            end as decimal(18, 4)
        ) as threshold,
        -- also of what is quiet: how far below its line a client is, is told when its signal is gone
        cast(
            case when is_assessed or is_amber or is_red or is_hard then amber_threshold end as decimal(18, 4)
        ) as amber_line,
        happened_on as event_on,
        data_date,
        source_keys,
        event as event_key,
        case when is_amber or is_red or is_hard then least_colour end as min_colour,
        told_detail as detail,
        case when is_amber or is_red or is_hard then told_as end as reason_case,
        case when not (is_amber or is_red or is_hard) then quiet_as end as quiet_case,
        case
            when is_hard then 4
            when is_blue and (is_red or is_amber) then 1
            when is_red then 3
            when is_amber then 2
            else 0
        end as gravity,
        case when direction = 'high' then value else -value end as badness
    from graded
),

{# of several that are quiet, one that is not assessed speaks for the client; what is not named has its keys in common
   with others, and the larger share is told -#}
{% if many -%}
ranked as (
    select
        *,
        row_number() over (
            partition by client_id
            order by
                gravity desc,
                is_assessed asc,
                badness desc nulls last,
                loan_id asc,
                project_id asc,
                source_keys asc,
                baseline desc nulls last,
                second_value desc nulls last
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
        is_unseen,
        value,
        baseline,
        second_value,
        severity,
        band,
        is_hard,
        threshold,
        amber_line,
        data_date,
        source_keys,
        event_key,
        event_on,
        min_colour,
        detail,
        reason_case,
        quiet_case
    from {{ 'ranked\n    where place = 1' if many else 'judged' }}
)
{%- endmacro %}
