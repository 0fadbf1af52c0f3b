-- one row per active client (or one that still owes): its colour (C.4), coverage and five-class floor
with
client as (
    select * from staging.client
),

coverage as (
    select * from verdict.coverage
),

client_colour as (
    select * from verdict.client_colour
),

client_floor as (
    select * from verdict.client_floor
),

colour as (
    select * from policy.colour
),

last_night as (
    select * from previous.warning
),

-- a client whose loan, account or instalment the checks hold back tonight: of it nothing is known
withheld as (
    select distinct client_id from night.withheld_client
),

-- a colour that can no longer be assessed has not gone
blind as (
    select suspended.client_id
    from warnings.suspended
    inner join policy.indicator on suspended.indicator = indicator.indicator
    where indicator.counts_for_colour
    union
    select client_id from withheld
),

loan as (
    select * from features.loan_state
    where status <> 'closed'
),

supplied as (
    select * from night.supplied
),

-- a loan that names a project, where projects are not supplied: what would apply to it is not even known
project_unknown as (
    select distinct loan.client_id
    from loan
    inner join supplied on supplied.table_name = 'project' and not supplied.is_supplied
    where loan.project_id is not null
),

ranked as (
    select
        client.client_id,
        client.branch_id,
        coalesce(client_colour.score, 0) as score,
        coalesce(coverage.coverage, 0) as coverage,
        coalesce(coverage.assessed_count, 0) as assessed_count,
        coalesce(coverage.applicable_count, 0) as applicable_count,
        case
            when withheld.client_id is null then coverage.not_assessed
            else coalesce(coverage.not_assessed || ',', '') || 'quarantine'
        end as not_assessed,
        case
            when project_unknown.client_id is null then coverage.not_supplied
            else coalesce(coverage.not_supplied || ',', '') || 'project'
        end as not_supplied,
        client_floor.floor_class,
        client_floor.floor_reason,
        blind.client_id is not null as is_blind,
        greatest(coalesce(client_colour.rank, 0), coalesce(client_floor.least_rank, 0)) as rank,
        greatest(coalesce(client_colour.base_rank, 0), coalesce(client_floor.least_rank, 0)) as base_rank
    from client
    left join coverage on client.client_id = coverage.client_id
    left join client_colour on client.client_id = client_colour.client_id
    left join client_floor on client.client_id = client_floor.client_id
    left join project_unknown on client.client_id = project_unknown.client_id
    left join blind on client.client_id = blind.client_id
    left join withheld on client.client_id = withheld.client_id
    where client.is_active or client_floor.client_id is not null
),

-- nothing fired: green where enough could be assessed and nothing that fired before is unknown; otherwise not known
settled as (
    select
        ranked.*,
        case
            when ranked.rank > 0 then ranked.rank
            when ranked.is_blind then 0
            when ranked.applicable_count > 0 and ranked.coverage >= green.min_coverage then green.rank
            else 0
        end as colour_rank,
        case
            when ranked.base_rank > 0 then ranked.base_rank
            when ranked.is_blind then 0
            when ranked.applicable_count > 0 and ranked.coverage >= green.min_coverage then green.rank
            else 0
        end as base_colour_rank
    from ranked
    inner join colour as green on green.colour = 'green'
),

warning as (
    select
        $business_date as business_date,
        settled.client_id,
        settled.branch_id,
        tonight.colour,
        base.colour as base_colour,
        settled.score,
        settled.coverage,
        settled.floor_class,
        settled.floor_reason,
        case when last_night.colour = tonight.colour then last_night.colour_since else $business_date end
            as colour_since,
        -- from a colour to not assessed is no recovery, and from green to it is a loss
        case
            when last_night.client_id is null then 'new'
            when last_night.colour = tonight.colour then 'same'
            when tonight.colour = 'not_assessed' and last_night.colour = 'green' then 'worse'
            when tonight.colour = 'not_assessed' then 'same'
            when last_night.colour = 'not_assessed' and tonight.colour = 'green' then 'better'
            when tonight.rank > earlier.rank then 'worse'
            else 'better'
        end as change,
        last_night.colour as previous_colour,
        settled.assessed_count,
        settled.applicable_count,
        settled.not_assessed,
        settled.not_supplied
    from settled
    inner join colour as tonight on settled.colour_rank = tonight.rank
    inner join colour as base on settled.base_colour_rank = base.rank
    left join last_night on settled.client_id = last_night.client_id
    left join colour as earlier on last_night.colour = earlier.colour
)

select * from warning
