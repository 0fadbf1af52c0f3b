-- one row per company with accounts published or owed: F17, sales to related parties in percent of revenue
{% import 'macros/indicator.sql' as indicator %}
{% import 'macros/statement.sql' as statements %}
with
rule as (
    select * from policy.indicator
    where indicator = 'F17'
),

{{ statements.least_amount('F17') }}

position as (
    select * from features_statement.position
),

figured as (
    select
        position.*,
        position.is_current as is_known,
        -- of something small there is no ratio
        coalesce(position.revenue_latest < amount.least_amt, false) as is_small,
        cast(
            100 * position.related_party_sales_latest / nullif(position.revenue_latest, 0) as decimal(18, 6)
        ) as figure
    from position
    cross join amount
),

{{ statements.measured('revenue_latest', 'related_party_sales_latest') }}

{{ indicator.judge(unread_case='measured.unread_as') }}

select * from worst
