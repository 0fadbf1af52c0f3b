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
        lag(is_ytd) over (partition by client_id order by month_no) as is_before_ytd
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

-- what the twelve months and the year that end with a period hold: a year to date is part of the twelve months
held as (
    select
        single.client_id,
        single.month_no,
        earlier.month_no - earlier.period_months as from_no,
        earlier.period_months,
        {% for flow in flows -%}
        earlier.{{ flow }}_period,
        {% endfor -%}
        earlier.month_no - earlier.year_months = single.month_no - single.year_months as is_this_year
    from single
    inner join single as earlier
        on
            single.client_id = earlier.client_id
            and single.month_no >= earlier.month_no
            and single.month_no - 11 <= earlier.month_no
),

added as (
    select
        client_id,
        month_no,
        sum(period_months) as months_12m,
        min(from_no) as first_no_12m,
        sum(case when is_this_year then period_months end) as months_ytd,
        count(*) as periods_12m,
        {% for flow in flows -%}
        sum({{ flow }}_period) as {{ flow }}_sum_12m,
        count({{ flow }}_period) as {{ flow }}_count_12m,
        sum(case when is_this_year then {{ flow }}_period end) as {{ flow }}_sum_ytd,
        count(case when is_this_year then {{ flow }}_period end) as {{ flow }}_count_ytd,
        {% endfor -%}
        sum(case when is_this_year then 1 else 0 end) as periods_ytd
    from held
    group by client_id, month_no
),

period as (
    select
        single.client_id,
        single.period_end,
        single.newest_scope as scope_key,
        single.month_no,
        single.year_months,
        single.period_months,
        single.total_assets,
        single.current_assets,
        single.cash,
        single.receivables,
        single.inventory,
        single.current_liabilities,
        single.total_liabilities,
        single.total_debt,
        single.retained_earnings,
        single.equity,
        single.external_guarantees,
        {% for flow in flows -%}
        cast(single.{{ flow }}_period as decimal(20, 2)) as {{ flow }}_period,
        cast(
            case
                when single.is_ytd then single.{{ flow }}
                when added.months_ytd = single.year_months and added.{{ flow }}_count_ytd = added.periods_ytd
                    then added.{{ flow }}_sum_ytd
            end as decimal(20, 2)
        ) as {{ flow }}_ytd,
        cast(
            case
                when single.is_ytd and single.year_months = 12 then single.{{ flow }}
                when
                    added.months_12m = 12
                    and added.first_no_12m = single.month_no - 12
                    and added.{{ flow }}_count_12m = added.periods_12m
                    then added.{{ flow }}_sum_12m
            end as decimal(20, 2)
        ) as {{ flow }}_12m,
        {% endfor -%}
        (single.is_ytd and single.year_months = 12)
        or (added.months_12m = 12 and added.first_no_12m = single.month_no - 12) as is_year
    from single
    inner join added on single.client_id = added.client_id and single.month_no = added.month_no
)

select * from period
