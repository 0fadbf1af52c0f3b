-- one row per company with accounts published or owed: F20, the newest audit: 1 by another auditor than the one before,
-- 2 with an opinion that is not clean
{% import 'macros/indicator.sql' as indicator %}
{% import 'macros/month.sql' as months %}
with
rule as (
    select * from policy.indicator
    where indicator = 'F20'
),

setting as (
    select cast(max(case when setting = 'audit_months' then value end) as integer) as audit_months
    from policy.statement_setting
),

position as (
    select
        client_id,
        scope_key
    from features_statement.position
),

statement as (
    select * from staging.statement
),

-- where nobody says which accounts are audited, an opinion or an auditor does
audited as (
    select
        statement.client_id,
        statement.period_end,
        statement.opinion,
        lower(trim(statement.auditor)) as auditor,
        statement.auditor as auditor_name
    from statement
    inner join position
        on statement.client_id = position.client_id and coalesce(statement.scope, '-') = position.scope_key
    where coalesce(statement.audited, statement.opinion is not null or statement.auditor is not null)
),

followed as (
    select
        *,
        lag(auditor) over (partition by client_id order by period_end) as auditor_before,
        row_number() over (partition by client_id order by period_end desc) as place
    from audited
),

newest as (
    select
        followed.*,
        {{ months.number('$business_date') }} - {{ months.number('followed.period_end') }} <= setting.audit_months
            as is_current
    from followed
    cross join setting
    where followed.place = 1
),

measured as (
    select
        position.client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        -- of a first audit nobody knows who did the one before
        coalesce(
            newest.is_current
            and newest.opinion is not null
            and newest.auditor is not null
            and newest.auditor_before is not null,
            false
        ) as is_assessed,
        case
            when not newest.is_current then cast(null as integer)
            when newest.opinion <> 'clean' then 2
            when newest.auditor <> newest.auditor_before then 1
            when newest.opinion = 'clean' and newest.auditor = newest.auditor_before then 0
        end as value,
        cast(null as decimal(18, 4)) as baseline,
        cast(null as decimal(18, 4)) as second_value,
        newest.period_end as data_date,
        'statement:' || newest.client_id || '|' || cast(newest.period_end as varchar) as source_keys,
        newest.opinion,
        newest.auditor_name
    from position
    left join newest on position.client_id = newest.client_id
),

{{ indicator.judge(
    reason_case="case when measured.value = rule.red_value then measured.opinion end",
    detail='measured.auditor_name',
    unread_case="case when measured.data_date is null then 'no_audit' end"
) }}

select * from worst
