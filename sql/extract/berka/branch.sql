-- one row per district: the bank names no branches, a district stands for one
-- No list_email: the published data has no addresses, so lists are rendered and nobody is mailed.
with raw_district as (
    select * from district
),

branch as (
    select
        cast("A1" as text) as branch_id,
        "A2" as name,
        "A2" as name_en,
        "A3" as region,
        'en' as language,
        'masked' as mail_mode
    from raw_district
)

select * from branch
