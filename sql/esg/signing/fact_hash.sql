-- one row per project: what stands for all its facts of tonight together, and the worst of their tones
-- Reviews that were signed before facts said what they are judged by keep facts without it: `plain_hash` is what such a
-- signature has of the same facts, and the word before the others keeps the two apart.
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
        md5('judged;' || string_agg(fact || '=' || value, ';' order by fact asc)) as facts_hash,
        md5(
            string_agg(
                fact || '=' || regexp_replace(value, ' (limit|reported|target|unproven|unverified).*$', ''),
                ';' order by fact asc
            )
        ) as plain_hash,
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
