-- one row per row of the list, of which two share a number: both are held back, for a person to say which one stands
-- Nothing says whether a project is being built. One that nothing has been invested in yet is taken as not operating,
-- and any other as operating, which asks for more. A category of financial intermediaries (FI-1 to FI-3) is FI; one
-- called Other is none. The state is that of the day the list was made, so nothing of it is known before.
with raw_project as (
    select
        trim("Project Number") as project_id,
        trim("Project Name") as name,
        cast(trim("Project Number") as bigint) as number,
        trim("Company Name") as company,
        trim("Environmental Category") as category,
        nullif(trim("Industry"), '') as sector_code,
        nullif(trim("WB Country Code"), '') as country,
        "Department" as department,
        trim("IFC Approval Date") as approved,
        trim("IFC Invested Date") as invested,
        trim("Date Disclosed") as disclosed,
        trim("As of Date") as as_of,
        trim("Total IFC investment as approved by Board(Million - USD)") as millions
    from ifc_project
),

keyed as (
    select
        *,
        case when company = '' then 'number ' || project_id else upper(company) end as company_key
    from raw_project
),

owned as (
    select
        *,
        min(number) over (partition by company_key) as client_number
    from keyed
),

-- what is written otherwise than as digits and a point is given as it stands, and told as unreadable
mapped as (
    select
        project_id,
        'C' || cast(client_number as text) as client_id,
        replace(department, '&amp;', '&') as branch_id,
        name,
        sector_code,
        country,
        case when invested = '' then 'construction' else 'operation' end as stage,
        case
            when category like 'FI%' then 'FI'
            when category in ('A - Significant', 'B - Limited', 'C - No Impact') then substr(category, 1, 1)
            else nullif(category, '')
        end as ep_category,
        case
            when approved = '' then null
            else substr(approved, 7, 4) || '-' || substr(approved, 1, 2) || '-' || substr(approved, 4, 2)
        end as approved_on,
        case
            when millions = '' then null
            when millions like '%,%' then millions
            else cast(cast(round(cast(millions as decimal(18, 2)) * 100) as bigint) as text) || '0000'
        end as approved_amt,
        department,
        substr(as_of, 7, 4) || '-' || substr(as_of, 1, 2) || '-' || substr(as_of, 4, 2) || ' 23:59:59' as known_at
    from owned
)

select * from mapped
