-- one row per bundle that a table was reckoned for and limit on what its chosen shape means: its figure, the limit, and
-- whether it is met (null: not known)
-- Only of what is repaid from cash flow more is asked than that some way of repaying fits.
{% import 'macros/limit.sql' as limit %}
with
setting as (
    select
        max(case when setting = 'downside_cover_least' then value end) as downside_cover_least,
        max(case when setting = 'life_cover_least' then value end) as life_cover_least
    from policy.proposal_setting
),

bundle as (
    select
        bundle.proposal_id,
        bundle.need_id,
        bundle.client_id,
        bundle.sizing,
        bundle.tenor_months,
        bundle.cover_least,
        bundle.least_amt,
        shaped.problem,
        shaped.amount_amt,
        shaped.cash_amt,
        shaped.min_dscr,
        shaped.min_dscr_down,
        shaped.life_cover,
        setting.downside_cover_least,
        setting.life_cover_least,
        covenant.dscr_lock_up
    from care_proposal.bundle as bundle
    cross join setting
    inner join care_proposal.shaped as shaped on bundle.proposal_id = shaped.proposal_id
    left join features_project.covenant_limit as covenant on bundle.project_id = covenant.project_id
),

-- a loan that is too small is told by its amount, one without cash flow by that: the rest of the limits is about a
-- table
-- what the reckoning found breaks a limit whatever its figure is: a period without cash among others that have some
{% set rules = [
    ('shape', 'true', 'tenor_months', 'null', "coalesce(problem = 'shape', false)"),
    ('forecast', "sizing = 'cash'", "case when coalesce(problem <> 'cash_unknown', true) then tenor_months end",
     'tenor_months'),
    ('cash', "sizing = 'cash' and coalesce(problem <> 'cash_unknown', true)", 'cash_amt', '0',
     "coalesce(problem = 'cash_none', false)"),
    ('least', "problem = 'too_little'", 'amount_amt', 'least_amt'),
    ('cover', "sizing = 'cash' and problem is null", 'min_dscr', 'cover_least'),
    ('downside', "sizing = 'cash' and problem is null", 'min_dscr_down', 'downside_cover_least'),
    ('life_cover', "sizing = 'cash' and problem is null", 'life_cover', 'life_cover_least'),
    ('covenant', "sizing = 'cash' and problem is null and dscr_lock_up is not null", 'min_dscr', 'dscr_lock_up'),
] %}
measured as (
    {% for entry in rules %}
    {% set rule, applies, value, line = entry[:4] -%}
    select
        proposal_id,
        need_id,
        client_id,
        '{{ rule }}' as rule,
        cast({{ value }} as decimal(38, 4)) as value,
        cast({{ line }} as decimal(38, 4)) as limit_value,
        {{ (entry[4:] or ('false',))[0] }} as is_broken
    from bundle
    where {{ applies }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

limited as (
    select
        measured.proposal_id,
        measured.need_id,
        measured.client_id,
        measured.rule,
        measured.value,
        measured.limit_value,
        not measured.is_broken
        and {{ limit.is_met('measured.value', 'measured.limit_value') }} as is_met,
        cast(null as varchar) as value_code,
        cast(null as varchar) as limit_code
    from measured
    left join policy.proposal_rule as rule on measured.rule = rule.rule
)

select * from limited
