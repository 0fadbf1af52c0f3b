{# What fired of some tables of readings, with its policy, its points and what it was before tonight: the steps up to
   `fired`. Where no money is at risk there is no colour for it to count for, and no points. #}
{% macro plain(number) -%}
rtrim(rtrim(cast(cast({{ number }} as decimal(18, 4)) as varchar), '0'), '.')
{%- endmacro %}

{% macro of(tables) -%}
rule as (
    select * from policy.indicator
),

colour as (
    select * from policy.colour
),

setting as (
    select
        cast(max(case when setting = 'amber_points_pct' then value end) * 0.01 as decimal(9, 6)) as amber_share,
        cast(max(case when setting = 'unproven_points_pct' then value end) * 0.01 as decimal(9, 6)) as unproven_share
    from policy.signal_setting
),

standing as (
    select * from warnings_verdict.standing
),

no_credit as (
    select * from warnings_verdict.no_credit
    where is_known
),

reading as (
    {% for table in tables -%}
{% if not loop.first -%}
    union all
    {% endif -%}
    select
        client_id,
        loan_id,
        project_id,
        indicator,
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
        reason_case
    from {{ table }}
    where severity is not null
    {% endfor %}
),

-- how grave a signal is, to compare nights by: severity, then hard, then the least colour it sets
graded as (
    select
        reading.*,
        rule.group_code,
        rule.family,
        rule.weight,
        rule.unit,
        rule.direction,
        rule.amber_when,
        rule.red_when,
        rule.amber_value,
        rule.red_value,
        rule.second_red,
        rule.clear_margin,
        rule.audience,
        rule.window_days,
        rule.counts_for_colour and no_credit.client_id is null as counts_for_colour,
        rule.is_contagion,
        cast(
            case
                when no_credit.client_id is not null or reading.severity = 'blue' then 0
                when reading.severity = 'red' then 1
                else setting.amber_share
            end as decimal(9, 6)
        ) as share,
        rule.is_unproven,
        case when rule.is_unproven then setting.unproven_share else cast(1 as decimal(9, 6)) end as worth,
        -- what is over loses half its weight in so many days; a condition that holds has all of it
        case
            when rule.half_life_days is not null and reading.event_on < $business_date
                then cast(
                    power(
                        0.5,
                        cast(
                            date_diff('day', reading.event_on, $business_date) / nullif(rule.half_life_days, 0)
                            as decimal(18, 6)
                        )
                    ) as decimal(9, 6)
                )
            else cast(1 as decimal(9, 6))
        end as decay,
        case
            when reading.is_hard then rule.direction || ' passed'
            when reading.severity = 'red' then rule.direction || ' ' || rule.red_when
            else rule.direction || ' ' || rule.amber_when
        end as crossed_when,
        100 * case reading.severity when 'red' then 2 when 'amber' then 1 else 0 end
        + 10 * case when reading.is_hard then 1 else 0 end + coalesce(colour.rank, 0) as gravity
    from reading
    inner join rule on reading.indicator = rule.indicator
    cross join setting
    left join colour on reading.min_colour = colour.colour
    left join no_credit on reading.client_id = no_credit.client_id
),

before as (
    select
        standing.client_id,
        standing.indicator,
        standing.first_seen,
        standing.reached_on,
        100 * case standing.severity when 'red' then 2 when 'amber' then 1 else 0 end
        + 10 * case when standing.hard then 1 else 0 end + coalesce(colour.rank, 0) as gravity
    from standing
    left join colour on standing.min_colour = colour.colour
),

-- the comparison that fired, and what would end it; where another condition did, it is named
compared as (
    select
        graded.*,
        cast(graded.weight * graded.share * graded.worth * graded.decay as decimal(9, 2)) as points,
        case graded.crossed_when
            when 'high reached' then '>='
            when 'high passed' then '>'
            when 'low reached' then '<='
            else '<'
        end as crossed_by,
        case graded.crossed_when
            when 'high reached' then graded.value >= graded.threshold
            when 'high passed' then graded.value > graded.threshold
            when 'low reached' then graded.value <= graded.threshold
            else graded.value < graded.threshold
        end as is_crossed,
        case (graded.direction || ' ' || graded.amber_when)
            when 'high reached' then 'value < '
            when 'high passed' then 'value <= '
            when 'low reached' then 'value > '
            else 'value >= '
        end as cleared_by,
        cast(
            graded.amber_line + coalesce(graded.clear_margin, 0) * case graded.direction when 'high' then -1 else 1 end
            as decimal(18, 4)
        ) as clear_value,
        case
            when graded.direction = 'high' then graded.value >= graded.amber_line - coalesce(graded.clear_margin, 0)
            else graded.value <= graded.amber_line + coalesce(graded.clear_margin, 0)
        end as is_by_value
    from graded
),

worded as (
    select
        compared.*,
        case
            when is_crossed
                then 'value ' || {{ plain('value') }} || ' ' || crossed_by || ' ' || {{ plain('threshold') }}
            else coalesce(reason_case, 'condition')
        end as rule,
        case when is_by_value then cleared_by || {{ plain('clear_value') }} end as clears
    from compared
),

fired as (
    select
        graded.*,
        case when before.client_id is null then $business_date else before.first_seen end as first_seen,
        -- a margin only holds what reached its line before
        case when graded.reason_case = 'margin' then coalesce(before.reached_on, $business_date) else $business_date end
            as reached_on,
        case
            when before.client_id is null then 'new'
            when graded.gravity > before.gravity then 'worse'
            when graded.gravity < before.gravity then 'better'
            else 'same'
        end as change
    from worded as graded
    left join before on graded.client_id = before.client_id and graded.indicator = before.indicator
)
{%- endmacro %}
