-- one row: what a report of a post-loan check is held to when it is filed
with
rule as (
    select
        max(case when setting = 'similar_judgement_pct' then value end) as similar_pct,
        cast(max(case when setting = 'shortest_judgement_length' then value end) as integer) as shortest_length
    from policy.post_loan_setting
)

select * from rule
