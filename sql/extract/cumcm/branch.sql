-- the one branch that all firms stand under: the data name none
with raw_firm as (
    select * from firm
),

branch as (
    select
        'SME' as branch_id,
        '中小微企业' as name,
        'Small firms' as name_en,
        'zh_CN' as language,
        'masked' as mail_mode
    from raw_firm
    group by 1
)

select * from branch
