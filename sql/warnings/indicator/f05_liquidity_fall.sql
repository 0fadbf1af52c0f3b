-- one row per company with accounts published or owed: F05, points that the current or the quick ratio fell
-- since the year began, the worse of the two
{% import 'macros/indicator.sql' as indicator %}
{% import 'macros/statement.sql' as statements %}
with
rule as (
    select * from policy.indicator
    where indicator = 'F05'
),

setting as (
    select
        max(case when setting = 'liquid_ratio' then value end) as liquid_ratio,
        max(case when setting = 'liquid_quick_ratio' then value end) as liquid_quick_ratio
    from policy.statement_setting
),

position as (
    select * from features_statement.position
),

figured as (
    select
        position.*,
        position.is_current as is_known,
        -- a ratio that is still plenty has not fallen
        case
            when position.current_ratio >= setting.liquid_ratio then 0
            else 100 * (position.opening_current_ratio - position.current_ratio)
        end as current_fall,
        case
            when position.quick_ratio >= setting.liquid_quick_ratio then 0
            else 100 * (position.opening_quick_ratio - position.quick_ratio)
        end as quick_fall
    from position
    cross join setting
),

measured as (
    select
        client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        is_known and current_fall is not null and quick_fall is not null as is_assessed,
        case
            when is_known and current_fall is not null and quick_fall is not null
                then greatest(current_fall, quick_fall)
        end as value,
        opening_current_ratio as baseline,
        current_ratio as second_value,
        period_end as data_date,
        opening_keys as source_keys,
        {{ statements.unread() }}
    from figured
),

{{ indicator.judge(unread_case='measured.unread_as') }}

select * from worst
