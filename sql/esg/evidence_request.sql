-- one row per project and piece of evidence that its category asks for: whether it is there, and what to ask for first
with
project as (
    select
        project_id,
        client_id,
        branch_id,
        case
            when ep_category = 'A' or cn_class = 'A' then 'A'
            when ep_category = 'B' or cn_class = 'B' then 'B'
            when ep_category = 'FI' then 'FI'
            when ep_category = 'C' or cn_class = 'C' then 'C'
            else 'unknown'
        end as category
    from features.project_state
),

fact as (
    select * from esg_evidence.fact
),

seen as (
    select * from policy.esg_evidence_seen
),

found as (
    select distinct
        fact.project_id,
        seen.evidence
    from fact
    inner join seen
        on
            fact.table_name = seen.table_name
            and coalesce(fact.evidence_column, '') = coalesce(seen.evidence_column, '')
            and (seen.code is null or fact.code = seen.code)
),

-- a column of a table is supplied with it or not
supplied as (
    select
        table_name,
        cast(null as varchar) as evidence_column
    from night.supplied
    where is_supplied
    union
    select
        table_name,
        column_name as evidence_column
    from night.supplied_column
),

-- what no table of the bank could show is not the project's to answer for
showable as (
    select distinct seen.evidence
    from seen
    inner join supplied
        on
            seen.table_name = supplied.table_name
            and coalesce(seen.evidence_column, '') = coalesce(supplied.evidence_column, '')
),

-- a row that the checks hold back may be the evidence
held as (
    select distinct
        withheld.reviewed_project_id as project_id,
        seen.evidence
    from esg_review.withheld_row as withheld
    inner join seen on withheld.table_name = seen.table_name
    -- the project itself is there: a cell of it that cannot be read has to be asked for again
    where withheld.table_name <> 'project' or withheld.column_name is null
),

stated as (
    select
        project.project_id,
        project.client_id,
        project.branch_id,
        project.category,
        asked.evidence,
        asked.applies,
        asked.place as policy_place,
        case
            when found.evidence is not null then 'there'
            when held.evidence is not null then 'held_back'
            when showable.evidence is null then 'not_recorded'
            else 'missing'
        end as state
    from project
    inner join policy.esg_evidence as asked on project.category = asked.category
    left join found on project.project_id = found.project_id and asked.evidence = found.evidence
    left join held on project.project_id = held.project_id and asked.evidence = held.evidence
    left join showable on asked.evidence = showable.evidence
),

-- first what has to be there and is not
placed as (
    select
        *,
        row_number() over (
            partition by project_id
            order by
                case state when 'there' then 1 when 'held_back' then 1 else 0 end asc,
                case applies when 'yes' then 0 else 1 end asc,
                policy_place asc
        ) as place
    from stated
),

named as (
    select
        $business_date as business_date,
        placed.project_id,
        placed.client_id,
        placed.branch_id,
        placed.category,
        placed.evidence,
        placed.applies,
        placed.state,
        cast(placed.place as integer) as place,
        text.name_zh,
        text.name_en
    from placed
    inner join policy.esg_evidence_text as text on placed.evidence = text.evidence
)

select * from named
