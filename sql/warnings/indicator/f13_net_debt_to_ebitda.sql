-- one row per company with accounts published or owed, no project company: F13, how many years of
-- earnings before depreciation the net debt is
{% import 'macros/indicator.sql' as indicator %}
{% import 'macros/statement.sql' as statements %}
with
rule as (
    select * from policy.indicator
    where indicator = 'F13'
),

{{ statements.least_amount('F13') }}

position as (
    select * from features_statement.position
    where not is_project_company
),

figured as (
    select
        position.*,
        position.is_current and position.is_kind_known as is_known,
        position.total_debt - position.cash as net_debt,
        position.total_debt - position.cash < amount.least_amt as is_small,
        cast(
            (position.total_debt - position.cash) / nullif(greatest(position.ebitda_12m, 0), 0) as decimal(18, 6)
        ) as figure
    from position
    cross join amount
),

measured as (
    select
        client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        coalesce(is_known and (is_small or (net_debt is not null and ebitda_12m is not null)), false) as is_assessed,
        case when not is_known then null when is_small then 0 else figure end as value,
        net_debt as baseline,
        ebitda_12m as second_value,
        period_end as data_date,
        source_keys,
        coalesce(is_known and not is_small and ebitda_12m <= 0, false) as has_no_earnings,
        {{ statements.unread() }}
    from figured
),

{{ indicator.judge(
    red_too='measured.has_no_earnings',
    reason_case="case when measured.has_no_earnings then 'no_earnings' end",
    unread_case='measured.unread_as'
) }}

select * from worst
