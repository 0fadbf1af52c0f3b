-- one row per client and month in which a period of its accounts ended, in the scope of its newest: balances, and flows
-- of the period alone (`_period`), of the year to date (`_ytd`) and of twelve months (`_12m`), null where they do not
-- add up to it. Quarters of the year added up are made single ones.
{% import 'macros/month.sql' as months %}
{% set flows = [
    'revenue', 'cost_of_sales', 'ebit', 'ebitda', 'net_income', 'pretax_profit', 'interest_expense',
    'operating_cash_flow', 'impairment_loss', 'related_party_sales',
] %}
with
setting as (
    select
        cast(max(case when setting = 'year_end_month' then value end) as integer) as year_end_month,
        cast(max(case when setting = 'history_months' then value end) as integer) as history_months
    from policy.statement_setting
),

dated as (
    select
        statement.*,
        {{ months.number('statement.period_end') }} as month_no,
        ({{ months.number('statement.period_end') }} - setting.year_end_month - 1) % 12 + 1 as year_months
    from staging.statement as statement
    cross join setting
    where {{ months.number('statement.period_end') }} > {{ months.number('$business_date') }} - setting.history_months
),

-- accounts of a group are not compared with those of its parent
scoped as (
    select
        *,
        first_value(coalesce(scope, '-')) over (partition by client_id order by period_end desc) as newest_scope
    from dated
),

placed as (
    select
        *,
        row_number() over (partition by client_id, month_no order by period_end desc) as place
    from scoped
    where coalesce(scope, '-') = newest_scope
),

followed as (
    select
        *,
        lag(month_no) over (partition by client_id order by month_no) as before_no,
        {% for flow in flows -%}
        lag({{ flow }}) over (partition by client_id order by month_no) as before_{{ flow }},
        {% endfor -%}
        coalesce(lag(is_ytd) over (partition by client_id order by month_no), false) as is_before_ytd
    from placed
    where place = 1
),

-- what is not added up covers what usually lies between two of the client's statements
spaced as (
    select
        *,
        min(case when month_no - before_no < 12 then month_no - before_no when before_no is not null then 12 end)
            over (partition by client_id) as usual_months,
        is_ytd and is_before_ytd and month_no - before_no < year_months as is_continued
    from followed
),

single as (
    select
        *,
        {% for flow in flows -%}
        case when is_continued then {{ flow }} - before_{{ flow }} when is_ytd is not null then {{ flow }} end
            as {{ flow }}_period,
        {% endfor -%}
        case
            when is_continued then month_no - before_no
            when is_ytd then year_months
            when not is_ytd then usual_months
        end as period_months
    from spaced
),

summed as (
    select
        *,
        sum(period_months) over last_year as months_12m,
        min(month_no - period_months) over last_year as first_no_12m,
        sum(period_months) over this_year as months_ytd,
        count(*) over last_year as periods_12m,
        {% for flow in flows -%}
        sum({{ flow }}_period) over last_year as {{ flow }}_sum_12m,
        count({{ flow }}_period) over last_year as {{ flow }}_count_12m,
        sum({{ flow }}_period) over this_year as {{ flow }}_sum_ytd,
        count({{ flow }}_period) over this_year as {{ flow }}_count_ytd,
        {% endfor -%}
        count(*) over this_year as periods_ytd
    from single
    window
        last_year as (partition by client_id order by month_no range between 11 preceding and current row),
        this_year as (partition by client_id, month_no - year_months order by month_no)
),

period as (
    select
        client_id,
        period_end,
        newest_scope as scope_key,
        month_no,
        year_months,
        period_months,
        total_assets,
        current_assets,
        cash,
        receivables,
        inventory,
        current_liabilities,
        total_liabilities,
        total_debt,
        retained_earnings,
        equity,
        external_guarantees,
        {% for flow in flows -%}
        cast({{ flow }}_period as decimal(20, 2)) as {{ flow }}_period,
        cast(
            case
                when is_ytd then {{ flow }}
                when months_ytd = year_months and {{ flow }}_count_ytd = periods_ytd then {{ flow }}_sum_ytd
            end as decimal(20, 2)
        ) as {{ flow }}_ytd,
        cast(
            case
                when is_ytd and year_months = 12 then {{ flow }}
                when months_12m = 12 and first_no_12m = month_no - 12 and {{ flow }}_count_12m = periods_12m
                    then {{ flow }}_sum_12m
            end as decimal(20, 2)
        ) as {{ flow }}_12m,
        {% endfor -%}
        (is_ytd and year_months = 12) or (months_12m = 12 and first_no_12m = month_no - 12) as is_year
    from summed
)

select * from period
