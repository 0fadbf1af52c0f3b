-- one row per project: whether the Equator Principles (EP4) reach it, by which rule, and what they then ask for
with
financed as (
    select * from esg_equator.financed
),

setting as (
    select
        max(case when setting = 'project_cost_usd' then value end) as project_cost_usd,
        max(case when setting = 'corporate_loan_usd' then value end) as corporate_loan_usd,
        max(case when setting = 'corporate_commitment_usd' then value end) as corporate_commitment_usd,
        max(case when setting = 'corporate_tenor_months' then value end) as corporate_tenor_months,
        max(case when setting = 'high_emission_t' then value end) as high_emission_t,
        max(case when setting = 'in_force_from' then value end) as in_force_from
    from policy.equator_setting
),

principle as (
    select
        category,
        string_agg(case when applies = 'yes' then cast(principle as varchar) end, ';' order by principle asc)
            as principles,
        string_agg(
            case when applies = 'as_appropriate' then cast(principle as varchar) end, ';' order by principle asc
        ) as as_appropriate
    from policy.equator_principle
    group by category
),

-- a company whose only business is the project borrows as project finance, any other by a project-related loan
classed as (
    select
        financed.*,
        setting.*,
        case financed.client_kind
            when 'project_company' then 'project_finance'
            when 'company' then 'corporate_loan'
        end as product,
        10000 * year(financed.approved_on) + 100 * month(financed.approved_on) + day(financed.approved_on) as approved
    from financed
    cross join setting
),

-- one condition that fails is enough to be outside; to be inside all of them have to be known
reached as (
    select
        *,
        case
            when product is null then 'borrower_unknown'
            when approved < in_force_from then 'earlier_edition'
            when usd_rate is null then 'no_rate'
            when product = 'project_finance' and cost_usd is null then 'cost_unknown'
            when product = 'project_finance' and cost_usd >= project_cost_usd then 'project_cost_reached'
            when product = 'project_finance' then 'project_cost_below'
            when debt_usd < corporate_loan_usd then 'corporate_loan_below'
            when commitment_usd < corporate_commitment_usd then 'commitment_below'
            when tenor_months < corporate_tenor_months then 'tenor_below'
            when debt_usd is null or commitment_usd is null or tenor_months is null then 'loan_unknown'
            else 'corporate_loan_reached'
        end as scope_rule
    from classed
),

read as (
    select
        $business_date as business_date,
        reached.project_id,
        reached.client_id,
        reached.branch_id,
        reached.product,
        reached.cost_usd,
        reached.debt_usd,
        reached.commitment_usd,
        reached.tenor_months,
        reached.usd_rate,
        case
            when reached.scope_rule in ('project_cost_reached', 'corporate_loan_reached') then true
            when
                reached.scope_rule
                in ('project_cost_below', 'corporate_loan_below', 'commitment_below', 'tenor_below')
                then false
        end as is_in_scope,
        reached.scope_rule,
        reached.ep_category as category,
        reached.country,
        case when reached.country is not null then designated.country is not null end as is_designated,
        principle.principles,
        principle.as_appropriate,
        reached.emission_year,
        reached.emission_t,
        reached.emission_t > reached.high_emission_t as is_high_emission
    from reached
    left join principle on reached.ep_category = principle.category
    left join policy.designated_country as designated on reached.country = designated.country
),

-- what is asked for is said of what is reached, or may be
asked as (
    select
        business_date,
        project_id,
        client_id,
        branch_id,
        product,
        cost_usd,
        debt_usd,
        commitment_usd,
        tenor_months,
        usd_rate,
        is_in_scope,
        scope_rule,
        category,
        country,
        is_designated,
        case
            when not coalesce(is_in_scope, true) then null
            when is_designated then 'host_country_law'
            when not is_designated then 'ifc_standards'
        end as standard,
        case when coalesce(is_in_scope, true) then principles end as principles,
        case when coalesce(is_in_scope, true) then as_appropriate end as principles_as_appropriate,
        case
            when not coalesce(is_in_scope, true) then null
            when category = 'A' then 'required'
            when category = 'B' then 'as_appropriate'
        end as climate_assessment,
        emission_year,
        emission_t,
        is_high_emission
    from read
)

select * from asked
