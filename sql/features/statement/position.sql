-- one row per company with published accounts, or one that owes some: its newest accounts, and those that they are
-- compared with: the period before, the start of the year, a year ago
{% import 'macros/month.sql' as months %}
{% set balances = [
    'total_assets', 'current_assets', 'cash', 'receivables', 'inventory', 'current_liabilities', 'total_liabilities',
    'total_debt', 'retained_earnings', 'equity', 'external_guarantees',
] %}
{% set taken = {
    'period': ['net_income', 'operating_cash_flow', 'impairment_loss'],
    'ytd': ['revenue', 'cost_of_sales'],
    '12m': ['revenue', 'cost_of_sales', 'ebit', 'ebitda', 'impairment_loss'],
} %}
{% set latest = ['revenue', 'pretax_profit', 'ebitda', 'interest_expense', 'related_party_sales'] %}
{% macro liquidity(at, prefix) -%}
cast({{ at }}.current_assets / nullif({{ at }}.current_liabilities, 0) as decimal(18, 6)) as {{ prefix }}current_ratio,
        cast(
            ({{ at }}.current_assets - {{ at }}.inventory) / nullif({{ at }}.current_liabilities, 0) as decimal(18, 6)
        ) as {{ prefix }}quick_ratio,
        cast(100 * {{ at }}.total_liabilities / nullif({{ at }}.total_assets, 0) as decimal(18, 4))
            as {{ prefix }}debt_ratio_pct
{%- endmacro %}
with
setting as (
    select
        cast(max(case when setting = 'stale_months' then value end) as integer) as stale_months,
        max(case when setting = 'owed_from_amt' then value end) as owed_from_amt
    from policy.statement_setting
),

company as (
    select * from staging.client
    where not is_natural_person
),

period as (
    select * from features_statement.period
),

newest_first as (
    select
        *,
        row_number() over (partition by client_id order by month_no desc) as place
    from period
),

newest as (
    select * from newest_first
    where place = 1
),

supplied as (
    select
        max(case when table_name = 'statement' and is_supplied then 1 else 0 end) as has_statement,
        max(case when table_name = 'project' and is_supplied then 1 else 0 end) as has_project
    from night.supplied
),

exposure as (
    select
        client_id,
        sum(ead_amt) as exposure_amt
    from features.loan_state
    where status <> 'closed'
    group by client_id
),

-- before completion there are no earnings yet
owner as (
    select
        client_id,
        min(case when stage = 'construction' then 1 else 0 end) as is_building
    from features.project_state
    group by client_id
),

-- of a bank that supplies no statements nobody knows whose there are
concerned as (
    select
        company.client_id,
        company.sector_code,
        coalesce(company.is_spv, false) as is_project_company,
        coalesce(company.is_spv, false) and coalesce(owner.is_building = 1, false) as is_building,
        -- who has a project may be its company, to which other lines apply
        company.is_spv is not null or owner.client_id is null as is_kind_known,
        not coalesce(company.is_spv, false) or supplied.has_project = 1 as is_stage_known
    from company
    cross join supplied
    cross join setting
    left join newest on company.client_id = newest.client_id
    left join exposure on company.client_id = exposure.client_id
    left join owner on company.client_id = owner.client_id
    where
        newest.client_id is not null
        or supplied.has_statement = 0
        or exposure.exposure_amt >= setting.owed_from_amt
),

position as (
    select
        concerned.*,
        newest.period_end,
        newest.scope_key,
        newest.month_no,
        coalesce(
            {{ months.number('$business_date') }} - newest.month_no <= setting.stale_months, false
        ) as is_current,
        newest.period_months,
        {% for name in balances -%}
        newest.{{ name }},
        {% endfor -%}
        {% for span, names in taken.items() -%}
        {% for name in names -%}
        newest.{{ name }}_{{ span }},
        {% endfor -%}
        {% endfor -%}
        -- of twelve months where they are known, else of the year to date
        coalesce(newest.is_year, false) as is_year,
        {% for name in latest -%}
        case when newest.is_year then newest.{{ name }}_12m else newest.{{ name }}_ytd end as {{ name }}_latest,
        {% endfor -%}
        {{ liquidity('newest', '') }},
        {{ liquidity('opening', 'opening_') }},
        before.net_income_period as before_net_income_period,
        before.operating_cash_flow_period as before_operating_cash_flow_period,
        year_ago.total_debt as year_ago_total_debt,
        year_ago.receivables as year_ago_receivables,
        year_ago.inventory as year_ago_inventory,
        year_ago.revenue_12m as year_ago_revenue_12m,
        year_ago.revenue_ytd as year_ago_revenue_ytd,
        year_ago.cost_of_sales_12m as year_ago_cost_of_sales_12m,
        year_ago.cost_of_sales_ytd as year_ago_cost_of_sales_ytd,
        'statement:' || newest.client_id || '|' || cast(newest.period_end as varchar) as source_keys,
        'statement:' || newest.client_id || '|' || cast(newest.period_end as varchar)
        || coalesce(';statement:' || newest.client_id || '|' || cast(year_ago.period_end as varchar), '')
            as year_ago_keys,
        'statement:' || newest.client_id || '|' || cast(newest.period_end as varchar)
        || coalesce(';statement:' || newest.client_id || '|' || cast(opening.period_end as varchar), '')
            as opening_keys,
        'statement:' || newest.client_id || '|' || cast(newest.period_end as varchar)
        || coalesce(';statement:' || newest.client_id || '|' || cast(before.period_end as varchar), '')
            as before_keys
    from concerned
    cross join setting
    left join newest on concerned.client_id = newest.client_id
    left join period as opening
        on newest.client_id = opening.client_id and newest.month_no - newest.year_months = opening.month_no
    left join period as year_ago
        on newest.client_id = year_ago.client_id and newest.month_no - 12 = year_ago.month_no
    left join period as before
        on newest.client_id = before.client_id and newest.month_no - newest.period_months = before.month_no
)

select * from position
