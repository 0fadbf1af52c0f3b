-- one row per company, called by its project of the lowest number, of whose department it is
-- A company that is not named is one of its own for each project, and says so. Capitals and spaces make no other one.
with raw_project as (
    select
        trim("Project Number") as number_text,
        cast(trim("Project Number") as bigint) as number,
        trim("Company Name") as company,
        replace("Department", '&amp;', '&') as branch_id,
        substr("Date Disclosed", 7, 4)
        || '-'
        || substr("Date Disclosed", 1, 2)
        || '-'
        || substr("Date Disclosed", 4, 2) as disclosed_on,
        substr("As of Date", 7, 4)
        || '-'
        || substr("As of Date", 1, 2)
        || '-'
        || substr("As of Date", 4, 2) as as_of_date
    from ifc_project
),

keyed as (
    select
        *,
        case when company = '' then 'number ' || number_text else upper(company) end as company_key
    from raw_project
),

placed as (
    select
        *,
        row_number() over (partition by company_key order by number, disclosed_on, branch_id) as place,
        min(disclosed_on) over (partition by company_key) as first_disclosed_on
    from keyed
),

mapped as (
    select
        'C' || number_text as client_id,
        case when company = '' then 'Not disclosed (project ' || number_text || ')' else company end as name,
        'false' as is_natural_person,
        branch_id,
        first_disclosed_on as onboard_date,
        as_of_date || ' 23:59:59' as known_at
    from placed
    where place = 1
)

select * from mapped
