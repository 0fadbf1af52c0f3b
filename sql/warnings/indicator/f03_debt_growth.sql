-- one row per company with accounts published or owed, no project company: F03, growth of
-- interest-bearing debt in twelve months
{% import 'macros/indicator.sql' as indicator %}
{% import 'macros/statement.sql' as statements %}
with
rule as (
    select * from policy.indicator
    where indicator = 'F03'
),

{{ statements.least_amount('F03') }}

position as (
    select * from features_statement.position
    where not is_project_company
),

figured as (
    select
        position.*,
        position.is_current and position.is_kind_known as is_known,
        -- of something small there is no ratio
        coalesce(position.year_ago_total_debt < amount.least_amt, false) as is_small,
        cast(100 * position.total_debt / nullif(position.year_ago_total_debt, 0) as decimal(18, 6)) - 100 as figure
    from position
    cross join amount
),

{{ statements.measured('year_ago_total_debt', 'total_debt', 'year_ago_keys') }}

{{ indicator.judge(unread_case='measured.unread_as') }}

select * from worst
