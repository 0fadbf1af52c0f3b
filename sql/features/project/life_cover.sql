-- one row per project in operation with debt: the present value of its forecast cash flow up to the end of the loans
-- and of the project, at what the debt costs
-- A period costs the debt its yearly rate for so many months, as interest is charged, and periods compound: so cash
-- flow equal to the debt service covers the debt exactly once. What a unit grows to by the end of each period is a
-- product of decimals, never a power of a float: each step multiplies by what lies 1, 2, 4, ... periods before, which
-- after nine steps is the product of all (of up to 512 periods), on every engine alike.
-- A period that runs beyond the end counts by its months up to there. The debt is tonight's: what the running period
-- has still to pay is in both.
{% import 'macros/month.sql' as months %}
{% set doublings = 9 %}
with
project as (
    select
        cover.project_id,
        cover.client_id,
        debt.debt_amt,
        debt.rate_pct,
        debt.maturity_on,
        state.concession_end
    from features_project.cover as cover
    inner join features_project.debt as debt on cover.project_id = debt.project_id
    inner join features.project_state as state on cover.project_id = state.project_id
    where coalesce(debt.debt_amt > 0, true)
),

to_come as (
    select
        project_id,
        period_end,
        month_no,
        cfads,
        coalesce(
            month_no - lag(month_no) over (partition by project_id order by period_end), rhythm_months
        ) as months
    from features_project.period
    where kind = 'forecast' and period_end > $business_date
),

grown_0 as (
    select
        to_come.*,
        project.maturity_on,
        project.concession_end,
        row_number() over (partition by to_come.project_id order by to_come.period_end) as place,
        cast(
            1 + cast(100 * project.rate_pct * to_come.months / 12 as decimal(18, 6)) * 0.0001 as decimal(18, 10)
        ) as growth
    from to_come
    inner join project on to_come.project_id = project.project_id
),

{% for step in range(doublings) %}
grown_{{ step + 1 }} as (
    select
        project_id,
        period_end,
        month_no,
        cfads,
        months,
        maturity_on,
        concession_end,
        place,
        cast(
            growth * coalesce(lag(growth, {{ 2 ** step }}) over (partition by project_id order by place), 1)
            as decimal(18, 10)
        ) as growth
    from grown_{{ step }}
),

{% endfor %}
-- how many of a period's months lie before the end
shared as (
    select
        *,
        cast(cfads / nullif(growth, 0) as decimal(18, 4)) as value_amt,
        greatest(least({{ months.number('maturity_on') }} - month_no + months, months), 0) as loan_months,
        greatest(least({{ months.number('concession_end') }} - month_no + months, months), 0) as project_months
    from grown_{{ doublings }}
),

summed as (
    select
        project_id,
        max(month_no) as last_month_no,
        max(period_end) as forecast_to,
        max(place) as periods,
        count(case when loan_months > 0 and value_amt is null then 1 end) as loan_gaps,
        sum(cast(value_amt * loan_months / nullif(months, 0) as decimal(18, 4))) as loan_life_amt,
        count(case when project_months > 0 and value_amt is null then 1 end) as project_gaps,
        sum(cast(value_amt * project_months / nullif(months, 0) as decimal(18, 4))) as project_life_amt
    from shared
    group by project_id
),

life_cover as (
    select
        project.project_id,
        project.client_id,
        project.debt_amt,
        project.rate_pct,
        project.maturity_on,
        project.concession_end,
        summed.forecast_to,
        case
            when
                summed.loan_gaps = 0
                and summed.periods <= {{ 2 ** doublings }}
                and summed.last_month_no >= {{ months.number('project.maturity_on') }}
                and project.maturity_on > $business_date
                then cast(summed.loan_life_amt as decimal(18, 2))
        end as loan_life_value_amt,
        case
            when
                summed.project_gaps = 0
                and summed.periods <= {{ 2 ** doublings }}
                and summed.last_month_no >= {{ months.number('project.concession_end') }}
                and project.concession_end > $business_date
                then cast(summed.project_life_amt as decimal(18, 2))
        end as project_life_value_amt
    from project
    left join summed on project.project_id = summed.project_id
)

select * from life_cover
