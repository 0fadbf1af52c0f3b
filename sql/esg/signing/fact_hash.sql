-- one row per project: what stands for all its facts of tonight together, and the worst of their tones
with
fact as (
    select
        project_id,
        fact,
        value,
        tone
    from esg.review_fact
),

hashed as (
    select
        project_id,
        md5(string_agg(fact || '=' || value, ';' order by fact asc)) as facts_hash,
        case
            when max(case when tone = 'red' then 1 else 0 end) = 1 then 'red'
            when max(case when tone = 'amber' then 1 else 0 end) = 1 then 'amber'
            when max(case when tone = 'not_assessed' then 1 else 0 end) = 1 then 'not_assessed'
            else 'green'
        end as finding
    from fact
    group by project_id
)

select * from hashed
