-- one row per active client (or one that still owes): score, the rank of its colour, and what could not be assessed
with
client as (
    select * from staging.client
),

coverage as (
    select * from warnings_verdict.coverage
),

client_colour as (
    select * from warnings_verdict.client_colour
),

client_floor as (
    select * from warnings_verdict.client_floor
),

colour as (
    select * from policy.colour
),

withheld as (
    select * from warnings_verdict.withheld_client
),

no_credit as (
    select * from warnings_verdict.no_credit
),

-- a client that cannot be called well by itself, or of which what stood of others is unseen
blind as (
    select
        client_id,
        is_unseen
    from warnings_verdict.blind
    union all
    select
        suspended.client_id,
        true as is_unseen
    from warnings.suspended
    inner join policy.indicator on suspended.indicator = indicator.indicator
    where indicator.counts_for_colour
    union all
    select
        client_id,
        true as is_unseen
    from coverage
    where withheld_count > 0
),

seen as (
    select
        client_id,
        max(case when is_unseen then 1 else 0 end) = 1 as is_unseen
    from blind
    group by client_id
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

-- everything that a rule of the client lacks, indicators and floor alike, each once
missing_part as (
    select
        client_id,
        unnest(string_split(not_supplied, ',')) as token
    from coverage
    where not_supplied is not null
    union
    select
        client_id,
        unnest(string_split(not_supplied, ',')) as token
    from client_floor
    where not_supplied is not null
    union
    select
        client_id,
        'project' as token
    from project_unknown
    union
    -- that there is no credit rests on what is supplied of it
    select
        no_credit.client_id,
        supplied.table_name as token
    from no_credit
    inner join supplied on supplied.table_name in ('guarantee', 'offbalance') and not supplied.is_supplied
    where no_credit.is_known
),

missing as (
    select
        client_id,
        string_agg(token, ',' order by token) as not_supplied
    from missing_part
    group by client_id
),

-- what could not be assessed, in the order in which it is told: indicators, the floor, whole rows and cells
unknown as (
    select
        client.client_id,
        nullif(
            concat_ws(
                ',',
                coverage.not_assessed,
                case when client_floor.is_withheld then 'floor' end,
                withheld.withheld,
                -- of a bank that supplies no loans that is true of everybody, and told once
                case when not no_credit.is_known and lending.is_supplied then 'credit' end,
                -- 0 of 0 says why
                case
                    when coalesce(coverage.applicable_count, 0) = 0 and withheld.client_id is null
                        then 'no_indicator_applies'
                end
            ),
            ''
        ) as not_assessed
    from client
    inner join supplied as lending on lending.table_name = 'loan'
    left join coverage on client.client_id = coverage.client_id
    left join client_floor on client.client_id = client_floor.client_id
    left join withheld on client.client_id = withheld.client_id
    left join no_credit on client.client_id = no_credit.client_id
),

ranked as (
    select
        client.client_id,
        client.branch_id,
        coalesce(client_colour.score, 0) as score,
        coalesce(coverage.coverage, 0) as coverage,
        coalesce(coverage.assessed_count, 0) as assessed_count,
        coalesce(coverage.applicable_count, 0) as applicable_count,
        unknown.not_assessed,
        missing.not_supplied,
        client_floor.floor_class,
        client_floor.floor_reason,
        seen.client_id is not null as is_blind,
        coalesce(seen.is_unseen, false) as is_unseen,
        coalesce(no_credit.is_known, false) as is_no_credit,
        coalesce(client_floor.least_rank, 0) > coalesce(client_colour.rank, 0) as is_floored,
        greatest(coalesce(client_colour.rank, 0), coalesce(client_floor.least_rank, 0)) as rank
    from client
    left join coverage on client.client_id = coverage.client_id
    left join client_colour on client.client_id = client_colour.client_id
    left join client_floor on client.client_id = client_floor.client_id
    left join unknown on client.client_id = unknown.client_id
    left join missing on client.client_id = missing.client_id
    left join seen on client.client_id = seen.client_id
    left join no_credit on client.client_id = no_credit.client_id
    where client.is_active or client_floor.client_id is not null
),

-- nothing fired: green where enough could be assessed and nothing that fired before is unknown; otherwise not known
settled as (
    select
        ranked.*,
        case
            when ranked.rank > 0 then ranked.rank
            when ranked.is_no_credit then none.rank
            when ranked.is_blind then 0
            when ranked.applicable_count > 0 and ranked.coverage >= green.min_coverage then green.rank
            else 0
        end as colour_rank
    from ranked
    inner join colour as green on green.colour = 'green'
    inner join colour as none on none.colour = 'no_credit'
)

select * from settled
