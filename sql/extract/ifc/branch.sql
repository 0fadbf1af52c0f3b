-- one row per department in charge: IFC names no branches; two spellings of one name are one
-- No list_email: lists are rendered and nobody is mailed.
with raw_project as (
    select * from ifc_project
),

branch as (
    select
        replace("Department", '&amp;', '&') as branch_id,
        replace("Department", '&amp;', '&') as name,
        replace("Department", '&amp;', '&') as name_en,
        'en' as language,
        'masked' as mail_mode
    from raw_project
    group by 1
)

select * from branch
