-- one row per project, day that it is scored as of, and item with evidence by then: its newest reading, graded 0 to 100
-- A measured item is held against its permit limit and its target, and the worse grade stands; a screening item is its
-- own grade, in steps of 25; the delivery of the action plan is graded by what is done of what was due by then, and
-- done without evidence is not done.
with
asked as (
    select * from features_esg.scored_day
),

reading as (
    select
        measured.*,
        asked.as_of,
        row_number() over (
            partition by measured.project_id, asked.as_of, measured.item order by measured.period_end desc
        ) as place
    from staging.esg_item as measured
    inner join asked on measured.period_end <= asked.as_of and measured.evidence_on <= asked.as_of
    where measured.evidence_id is not null and measured.value is not null
),

-- in percent of what it is held against; a level in decibels, or a line of zero, is kept or not
held as (
    select
        reading.*,
        cast(100 * value / nullif(permit_limit, 0) as decimal(38, 6)) as limit_pct,
        cast(100 * value / nullif(target, 0) as decimal(38, 6)) as target_pct,
        case direction when 'low' then value <= permit_limit else value >= permit_limit end as is_limit_kept,
        case direction when 'low' then value <= target else value >= target end as is_target_kept
    from reading
    where place = 1
),

banded as (
    select
        held.project_id,
        held.as_of,
        held.item,
        max(case when band.basis = 'limit' then band.grade end) as limit_grade,
        max(case when band.basis = 'target' then band.grade end) as target_grade
    from held
    inner join policy.esg_grade as band
        on
            held.direction = band.direction
            and case band.basis when 'limit' then held.limit_pct when 'target' then held.target_pct end
            * case held.direction when 'low' then 1 else -1 end
            <= band.line_pct * case held.direction when 'low' then 1 else -1 end
    where held.kind = 'kpi'
    group by held.project_id, held.as_of, held.item
),

measured_grade as (
    select
        held.project_id,
        held.as_of,
        held.item,
        held.period_end,
        held.value,
        held.evidence_id,
        held.evidence_on,
        case
            when held.kind = 'screening'
                then least(100, greatest(0, 25 * floor(cast(held.value / 25 as decimal(18, 6)))))
            when held.permit_limit is null and held.target is null then null
            else
                least(
                    case
                        when held.permit_limit is null then 100
                        when held.is_logarithmic or held.permit_limit = 0
                            then case when held.is_limit_kept then 100 else 0 end
                        else coalesce(banded.limit_grade, 0)
                    end,
                    case
                        when held.target is null then 100
                        when held.is_logarithmic or held.target = 0
                            then case when held.is_target_kept then 100 else 0 end
                        else coalesce(banded.target_grade, 0)
                    end
                )
        end as grade
    from held
    left join banded on held.project_id = banded.project_id and held.as_of = banded.as_of and held.item = banded.item
),

-- whether an action is done, and shown to be, has to be known of each that was due
due as (
    select
        action.project_id,
        asked.as_of,
        count(*) as due_count,
        sum(case when action.done_on <= asked.as_of and action.evidence_id is not null then 1 else 0 end) as done_count,
        max(
            case
                when action.done_on is null and action.is_done_unknown then 1
                when action.done_on <= asked.as_of and action.evidence_id is null and action.is_evidence_unknown then 1
                else 0
            end
        ) as is_unknown
    from staging.esap_action as action
    inner join asked on action.due_on <= asked.as_of
    group by action.project_id, asked.as_of
),

delivered as (
    select
        due.project_id,
        due.as_of,
        item.item,
        cast(100 * due.done_count / nullif(due.due_count, 0) as decimal(18, 6)) as value
    from due
    inner join policy.esg_item as item on item.kind = 'plan'
    where due.is_unknown = 0
),

delivered_grade as (
    select
        delivered.project_id,
        delivered.as_of,
        delivered.item,
        delivered.value,
        coalesce(max(case when delivered.value >= band.line_pct then band.grade end), 0) as grade
    from delivered
    left join policy.esg_grade as band on band.basis = 'plan'
    group by delivered.project_id, delivered.as_of, delivered.item, delivered.value
),

graded as (
    select
        project_id,
        as_of,
        item,
        period_end,
        value,
        evidence_id,
        evidence_on,
        cast(grade as decimal(9, 4)) as grade
    from measured_grade
    where grade is not null
    union all
    select
        project_id,
        as_of,
        item,
        as_of as period_end,
        value,
        cast(null as varchar) as evidence_id,
        as_of as evidence_on,
        cast(grade as decimal(9, 4)) as grade
    from delivered_grade
)

select * from graded
