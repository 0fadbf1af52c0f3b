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

-- one row, whatever policy sets
routing_line as (
    select
        rule.amber_value as amber_pct,
        max(case when setting.setting = 'routing_project_pct' then setting.value end) as project_pct,
        max(case when setting.setting = 'routing_rate_room_pct' then setting.value end) as rate_room_pct
    from rule
    left join policy.project_setting as setting
        on setting.setting in ('routing_project_pct', 'routing_rate_room_pct')
    group by rule.amber_value
),

project_owner as (
    select distinct client_id
    from features.project_state
),

-- the month that is over; an older one says nothing of today
monthly as (
    select
        month.client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        month.account_id,
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
        cast(null as varchar) as account_id,
        false as is_assessed,
        cast(null as decimal(18, 4)) as value,
        cast(null as decimal(18, 4)) as baseline,
        cast(null as decimal(18, 4)) as second_value,
        cast(null as date) as data_date,
        cast(null as varchar) as source_keys,
        cast(null as varchar) as month_told
    from subject
),

-- of a project company all that was agreed has to come; in another currency than what was due, by rates of other days,
-- a little less may be all of it
lined as (
    select
        monthly.*,
        routing_line.amber_pct as company_pct,
        routing_line.project_pct - case when account.ccy <> $base_ccy then routing_line.rate_room_pct else 0 end
            as project_pct
    from monthly
    cross join routing_line
    left join staging.account as account on monthly.account_id = account.account_id
),

-- who has a project may be a project company, where nobody says: what lies between the two lines is then not known,
-- what lies beyond both is
measured as (
    select
        lined.client_id,
        lined.loan_id,
        lined.project_id,
        lined.is_assessed
        and (
            client.is_spv is not null
            or project_owner.client_id is null
            or lined.value >= greatest(lined.company_pct, lined.project_pct)
        ) as is_assessed,
        lined.is_assessed as may_fire,
        lined.value,
        lined.baseline,
        lined.second_value,
        lined.data_date,
        lined.source_keys,
        lined.month_told,
        case
            when client.is_spv then lined.project_pct
            when client.is_spv is null and project_owner.client_id is not null
                then least(lined.company_pct, lined.project_pct)
            else lined.company_pct
        end as amber_pct
    from lined
    left join staging.client as client on lined.client_id = client.client_id
    left join project_owner on lined.client_id = project_owner.client_id
),

{{ indicator.judge(
    amber_if='measured.may_fire',
    amber_line='measured.amber_pct',
    detail='measured.month_told',
    many=true
) }}

select * from worst
