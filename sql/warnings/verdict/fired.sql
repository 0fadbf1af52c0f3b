-- one row per client and indicator that fired: with its policy, its points, and what it was before tonight
with
rule as (
    select * from policy.indicator
),

colour as (
    select * from policy.colour
),

setting as (
    select cast(max(case when setting = 'amber_points_pct' then value end) * 0.01 as decimal(9, 6)) as amber_share
    from policy.signal_setting
),

standing as (
    select * from warnings_verdict.standing
),

reading as (
    select
        client_id,
        loan_id,
        project_id,
        indicator,
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
    from warnings_verdict.reading
    where severity is not null
    union all
    select
        client_id,
        loan_id,
        project_id,
        indicator,
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
    from warnings_verdict.quality
    where severity is not null
),

-- how grave a signal is, to compare nights by: severity, then hard, then the least colour it sets
graded as (
    select
        reading.*,
        rule.group_code,
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
        rule.counts_for_colour,
        rule.is_contagion,
        cast(
            rule.weight * case reading.severity when 'red' then 1 else setting.amber_share end as decimal(9, 2)
        ) as points,
        100 * case reading.severity when 'red' then 2 else 1 end
        + 10 * case when reading.is_hard then 1 else 0 end + coalesce(colour.rank, 0) as gravity
    from reading
    inner join rule on reading.indicator = rule.indicator
    cross join setting
    left join colour on reading.min_colour = colour.colour
),

before as (
    select
        standing.client_id,
        standing.indicator,
        standing.first_seen,
        standing.reached_on,
        100 * case standing.severity when 'red' then 2 else 1 end
        + 10 * case when standing.hard then 1 else 0 end + coalesce(colour.rank, 0) as gravity
    from standing
    left join colour on standing.min_colour = colour.colour
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
    from graded
    left join before on graded.client_id = before.client_id and graded.indicator = before.indicator
)

select * from fired
