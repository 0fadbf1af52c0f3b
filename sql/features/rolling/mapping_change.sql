-- one row: how much of what the former nights' facts were sorted and converted by has changed since the night before
with
before as (
    select * from previous.account_mapping
),

now_mapped as (
    select * from features.account_mapping
),

moved as (
    select count(*) as changes
    from before
    left join now_mapped on before.account_id = now_mapped.account_id
    where
        now_mapped.account_id is null
        or before.client_id <> now_mapped.client_id
        or coalesce(before.group_id, '') <> coalesce(now_mapped.group_id, '')
),

rules as (
    select count(*) as changes
    from previous.flow_policy as was
    full outer join features.flow_policy as rule on was.subject = rule.subject and was.code = rule.code
    where was.code is null or rule.code is null
),

-- a rate for a day gone by turns every amount of that day
rates as (
    select count(*) as changes
    from source.fx_rate
    where arrived_on = $business_date and business_date <= $parent_date
),

all_counted as (
    select moved.changes + rules.changes + rates.changes as changes
    from moved
    cross join rules
    cross join rates
)

select * from all_counted
