-- one row per table, rule and each of its first five keys of what no check finds and the quality page tells, with how
-- many there are: where plan, payments and balance of loans disagree, and decisions on releases that the bank supplied
-- These are kept and release nothing: whoever releases has to see what holds the night, and only the desk knows.
with
found as (
    select
        table_name,
        rule,
        row_key
    from features.plan_gap
    union all
    select
        'decision' as table_name,
        'release_supplied' as rule,
        decision_id as row_key
    from source.decision
    where subject = 'release' and arrived_on = $business_date and decision_id not like 'desk-%'
),

counted as (
    select
        table_name,
        rule,
        row_key,
        count(*) over (partition by table_name, rule) as unexpected_count,
        row_number() over (partition by table_name, rule order by row_key) as place
    from found
),

sample as (
    select
        table_name,
        rule,
        unexpected_count,
        row_key
    from counted
    where place <= 5
)

select * from sample
