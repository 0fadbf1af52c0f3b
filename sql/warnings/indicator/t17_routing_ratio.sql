-- one row per client with an account that revenue is agreed to go through: T17, what came of what was due, of what was
-- agreed (100 is all of it)
{% import 'macros/indicator.sql' as indicator %}
{% import 'macros/month.sql' as months %}
with
rule as (
    select * from policy.indicator
    where indicator = 'T17'
),

covenant_table as (
    select is_supplied
    from night.supplied
    where table_name = 'account_covenant'
),

month as (
    select * from features.account_covenant_month
),

-- which accounts are bound is not known without the table: then those of any project
subject as (
    select distinct project.client_id
    from features.project_state as project
    cross join covenant_table
    where not covenant_table.is_supplied
),

line as (
    select max(case when setting = 'routing_project_pct' then value end) as project_pct
    from policy.project_setting
),

owner as (
    select distinct client_id
    from features.project_state
),

-- of project finance all that was agreed has to come. (Where nobody says who is a project company, whoever has a
-- project counts as one.)
client as (
    select
        client.client_id,
        case when coalesce(client.is_spv, owner.client_id is not null) then line.project_pct else rule.amber_value end
            as amber_pct
    from staging.client as client
    cross join line
    cross join rule
    left join owner on client.client_id = owner.client_id
),

-- the month that is over; an older one says nothing of today
monthly as (
    select
        month.client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        month.credit_amt is not null and month.revenue_due_amt is not null and month.agreed_pct is not null
        and date_diff('day', {{ months.first_day('month.month', 1) }}, $business_date)
        < rule.window_days as is_assessed,
        cast(
            10000 * month.credit_amt / nullif(month.revenue_due_amt * month.agreed_pct, 0) as decimal(18, 4)
        ) as value,
        month.revenue_due_amt as baseline,
        month.credit_amt as second_value,
        {{ months.first_day('month.month', 1) }} - 1 as data_date,
        'account:' || month.account_id as source_keys,
        substr(cast(month.month as varchar), 1, 7) as month_told
    from month
    cross join rule
    where coalesce(month.revenue_due_amt > 0 and month.agreed_pct > 0, true)
    union all
    select
        subject.client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        false as is_assessed,
        cast(null as decimal(18, 4)) as value,
        cast(null as decimal(18, 4)) as baseline,
        cast(null as decimal(18, 4)) as second_value,
        cast(null as date) as data_date,
        cast(null as varchar) as source_keys,
        cast(null as varchar) as month_told
    from subject
),

measured as (
    select
        monthly.*,
        coalesce(client.amber_pct, rule.amber_value) as amber_pct
    from monthly
    cross join rule
    left join client on monthly.client_id = client.client_id
),

{{ indicator.judge(
    amber_if='measured.is_assessed',
    amber_line='measured.amber_pct',
    detail='measured.month_told',
    many=true
) }}

select * from worst
