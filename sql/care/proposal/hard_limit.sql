-- one row per bundle and hard limit that applies to it before any schedule: its figure, the limit, and whether it is
-- met
-- (null: not known)
{% import 'macros/limit.sql' as limit %}
with
setting as (
    select
        max(case when setting = 'late_days_most' then value end) as late_days_most,
        max(case when setting = 'net_capital_amt' then value end) as net_capital_amt,
        max(case when setting = 'tier1_capital_amt' then value end) as tier1_capital_amt,
        max(case when setting = 'single_loan_most_pct' then value end) as single_loan_most_pct,
        max(case when setting = 'customer_most_pct' then value end) as customer_most_pct,
        max(case when setting = 'group_most_pct' then value end) as group_most_pct
    from policy.proposal_setting
),

asked_sector as (
    select distinct sector_code
    from care_proposal.bundle
),

-- the floor of the longest sector code that the client's own begins with
fitting as (
    select
        asked_sector.sector_code,
        capital_floor.capital_pct,
        row_number() over (
            partition by asked_sector.sector_code
            order by length(capital_floor.sector) desc
        ) as place
    from asked_sector
    inner join policy.capital_floor as capital_floor
        on starts_with(asked_sector.sector_code, capital_floor.sector)
),

floor_of as (
    select
        sector_code,
        capital_pct
    from fitting
    where place = 1
),

every_sector as (
    select max(case when sector = 'any' then capital_pct end) as capital_pct
    from policy.capital_floor
),

bundle as (
    select
        bundle.*,
        standing.days_past_due,
        standing.class_rank,
        standing.asset_class,
        standing.stage_level,
        standing.colour_rank,
        standing.colour,
        standing.exposure_amt,
        standing.group_exposure_amt,
        class_most.rank as class_rank_most,
        colour_most.rank as colour_rank_most,
        bundle.sizing <> 'none' as is_credit,
        -- what it costs is the project's budget where a project is built, and else the price that the need names
        bundle.kind in ('build', 'green') and bundle.project_id is not null as is_built,
        -- what is replaced is owed once
        bundle.sized_amt - coalesce(bundle.replaced_amt, 0) as added_amt,
        coalesce(floor_of.capital_pct, every_sector.capital_pct) as capital_least_pct,
        setting.late_days_most,
        setting.net_capital_amt,
        setting.tier1_capital_amt,
        setting.single_loan_most_pct,
        setting.customer_most_pct,
        setting.group_most_pct
    from care_proposal.bundle as bundle
    cross join setting
    cross join every_sector
    inner join care_proposal.standing as standing on bundle.client_id = standing.client_id
    inner join policy.asset_class as class_most on bundle.class_most = class_most.asset_class
    inner join policy.colour as colour_most on bundle.colour_most = colour_most.colour
    left join floor_of on bundle.sector_code = floor_of.sector_code
),

-- rule, when it applies, its figure, the limit, and both as codes where they have one; how the one has to lie to the
-- other is policy's
{% set rules = [
    ('amount', 'is_credit', 'asked_amt', '0'),
    ('date', 'true', 'late_days', 'late_days_most'),
    ('arrears', 'is_credit', 'days_past_due', '0'),
    ('class', 'true', 'class_rank', 'class_rank_most', 'asset_class', 'class_most'),
    ('watch', 'true', 'stage_level', 'stage_most', "'W' || cast(stage_level as varchar)",
     "'W' || cast(stage_most as varchar)"),
    ('colour', 'true', 'colour_rank', 'colour_rank_most', 'colour', 'colour_most'),
    ('project', "sizing = 'cash' and projects > 1", 'projects', '1'),
    ('replaced', 'is_credit and is_relief', 'case when replaced_amt > 0 then replaced_loans end', '1'),
    ('tenor', "sizing = 'cash' and projects <= 1", 'tenor_months', 'least_tenor_months'),
    ('share', "sizing = 'cash' and cost_share_most_pct is not null and is_built",
     'cast(100 * (project_debt_amt + added_amt) / nullif(budget_amt, 0) as decimal(18, 4))', 'cost_share_most_pct'),
    ('price',
     "sizing = 'cash' and cost_share_most_pct is not null and not is_built and not is_relief and sized_amt is not null",
     'cast(100 * sized_amt / nullif(price_amt, 0) as decimal(18, 4))', 'cost_share_most_pct'),
    ('capital', "sizing = 'cash' and is_built", 'capital_pct', 'capital_least_pct'),
    ('single_loan', 'is_credit and sized_amt is not null',
     'cast(100 * (exposure_amt + added_amt) / nullif(net_capital_amt, 0) as decimal(18, 4))', 'single_loan_most_pct'),
    ('customer', 'is_credit and sized_amt is not null',
     'cast(100 * (exposure_amt + added_amt) / nullif(tier1_capital_amt, 0) as decimal(18, 4))', 'customer_most_pct'),
    ('group', 'is_credit and sized_amt is not null',
     'cast(100 * (group_exposure_amt + added_amt) / nullif(tier1_capital_amt, 0) as decimal(18, 4))', 'group_most_pct'),
    ('source', "sizing in ('working_capital', 'data', 'turnover')", 'reckoned_amt', '0'),
    ('least', 'is_credit and sized_amt is not null', 'sized_amt', 'least_amt'),
] %}
measured as (
    {% for entry in rules %}
    {% set rule, applies, value, line = entry[:4] -%}
    {% set codes = entry[4:] or ('null', 'null') -%}
    select
        proposal_id,
        need_id,
        client_id,
        '{{ rule }}' as rule,
        cast({{ value }} as decimal(38, 4)) as value,
        cast({{ line }} as decimal(38, 4)) as limit_value,
        cast({{ codes[0] }} as varchar) as value_code,
        cast({{ codes[1] }} as varchar) as limit_code
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
        {{ limit.is_met('measured.value', 'measured.limit_value') }} as is_met,
        measured.value_code,
        measured.limit_code
    from measured
    left join policy.proposal_rule as rule on measured.rule = rule.rule
)

select * from limited
