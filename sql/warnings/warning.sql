-- one row per active client (or one that still owes): its colour (C.4), coverage and five-class floor; a colour is of
-- credit, and who has none has none to give
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

ruling as (
    select * from warnings_verdict.ruling
),

colour as (
    select * from policy.colour
),

last_night as (
    select * from previous.warning
),

withheld as (
    select * from warnings_verdict.withheld_client
),

no_credit as (
    select * from warnings_verdict.no_credit
),

-- what stood and can no longer be assessed has not gone, and of what is withheld nobody knows what it would say
unseen as (
    select suspended.client_id
    from warnings.suspended
    inner join policy.indicator on suspended.indicator = indicator.indicator
    where indicator.counts_for_colour
    union
    select client_id from withheld
    where has_row
    union
    select client_id from coverage
    where withheld_count > 0
    union
    select client_id from client_floor
    where is_withheld
),

-- nor is that green of which a must was never seen, however much else is assessed
blind as (
    select client_id from unseen
    union
    -- nor is it known to be well of whom it is not known whether anything is at risk
    select client_id from no_credit
    where not is_known
    union
    select reading.client_id
    from warnings_verdict.reading as reading
    inner join policy.indicator on reading.indicator = indicator.indicator
    inner join policy.group_cap on indicator.group_code = group_cap.group_code
    where not reading.is_assessed and indicator.counts_for_colour and group_cap.must_for = 'green'
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
        blind.client_id is not null as is_blind,
        unseen.client_id is not null as is_unseen,
        coalesce(no_credit.is_known, false) as is_no_credit,
        greatest(coalesce(client_colour.rank, 0), coalesce(client_floor.least_rank, 0)) as rank,
        greatest(coalesce(client_colour.base_rank, 0), coalesce(client_floor.least_rank, 0)) as base_rank
    from client
    left join coverage on client.client_id = coverage.client_id
    left join client_colour on client.client_id = client_colour.client_id
    left join client_floor on client.client_id = client_floor.client_id
    left join unknown on client.client_id = unknown.client_id
    left join missing on client.client_id = missing.client_id
    left join blind on client.client_id = blind.client_id
    left join unseen on client.client_id = unseen.client_id
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
        end as colour_rank,
        case
            when ranked.base_rank > 0 then ranked.base_rank
            when ranked.is_no_credit then none.rank
            when ranked.is_blind then 0
            when ranked.applicable_count > 0 and ranked.coverage >= green.min_coverage then green.rank
            else 0
        end as base_colour_rank
    from ranked
    inner join colour as green on green.colour = 'green'
    inner join colour as none on none.colour = 'no_credit'
),

warning as (
    select
        $business_date as business_date,
        settled.client_id,
        settled.branch_id,
        tonight.colour,
        base.colour as base_colour,
        ruling.rule,
        settled.score,
        settled.coverage,
        settled.floor_class,
        settled.floor_reason,
        case when last_night.colour = tonight.colour then last_night.colour_since else $business_date end
            as colour_since,
        -- from a colour to not assessed is no recovery, nor to a lower one while what it rested on may be unseen;
        -- from green to not assessed is a loss; and a first credit, or the last one repaid, is by itself neither
        case
            when last_night.client_id is null then 'new'
            when last_night.colour = tonight.colour then 'same'
            when tonight.colour = 'no_credit' and last_night.colour in ('green', 'not_assessed') then 'same'
            when last_night.colour = 'no_credit' and tonight.colour in ('green', 'not_assessed') then 'same'
            when tonight.colour = 'not_assessed' and last_night.colour = 'green' then 'worse'
            when tonight.colour = 'not_assessed' then 'same'
            when last_night.colour = 'not_assessed' and tonight.colour = 'green' then 'better'
            when tonight.rank > earlier.rank then 'worse'
            when settled.is_unseen then 'same'
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
    left join ruling on settled.client_id = ruling.client_id and settled.rank = ruling.rank
    left join last_night on settled.client_id = last_night.client_id
    left join colour as earlier on last_night.colour = earlier.colour
)

select * from warning
