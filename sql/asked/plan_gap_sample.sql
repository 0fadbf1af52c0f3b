-- one row per table and rule by which plan, payments and balance of loans disagree, and each of its first five keys:
-- with how many rows there are; five are enough to look at
with
gap as (
    select
        table_name,
        rule,
        row_key,
        count(*) over (partition by table_name, rule) as unexpected_count,
        row_number() over (partition by table_name, rule order by row_key) as place
    from features.plan_gap
),

sample as (
    select
        table_name,
        rule,
        unexpected_count,
        row_key
    from gap
    where place <= 5
)

select * from sample
