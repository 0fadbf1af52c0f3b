-- one row per project, or company's loan without one, and year and scope: the share of its greenhouse gases that the
-- bank financed, or the reason why there is no figure. PCAF Standard Part A, chapters 5.2 and 5.3
with
lent as (
    select * from esg_emission.lent
),

reported as (
    select * from esg_emission.reported
),

due as (
    select cast(max(case when setting = 'emission_due_month' then value end) as integer) as due_month
    from policy.esg_setting
),

-- the last year that has to be reported by now; a later one counts as soon as it is there. Each of them
-- stands with all that was owed then, reported or not: else its coverage would be whole by construction
setting as (
    select
        due_month,
        case
            when month($business_date) >= due_month then year($business_date) - 1
            else year($business_date) - 2
        end as due_year
    from due
),

scope as (
    select 1 as scope
    union all
    select 2 as scope
    union all
    select 3 as scope
),

-- what the checks hold back of it is not the same as what nobody reported
held_project as (
    select
        reviewed_project_id as project_id,
        max(case when table_name = 'emission' then 1 else 0 end) = 1 as is_emission_held,
        max(case when table_name in ('loan', 'loan_daily') then 1 else 0 end) = 1 as is_loan_held
    from esg_review.withheld_row
    group by reviewed_project_id
),

held_client as (
    select
        client_id,
        max(case when table_name = 'client_emission' then 1 else 0 end) = 1 as is_emission_held,
        max(case when table_name = 'statement' then 1 else 0 end) = 1 as is_base_held
    from night.withheld
    group by client_id
),

known_year as (
    select distinct
        holder_kind,
        holder_id,
        year
    from reported
),

matched as (
    select
        lent.*,
        scope.scope,
        setting.due_year,
        cast(make_date(lent.year + 1, setting.due_month, 1) - interval '1' day as date) as report_due_on,
        known_year.year is not null as is_reported,
        reported.emission_t,
        reported.is_implausible,
        reported.option,
        reported.quality,
        coalesce(held_project.is_emission_held, false)
        or (lent.project_id is null and coalesce(held_client.is_emission_held, false)) as is_emission_held,
        coalesce(held_project.is_loan_held, false) as is_loan_held,
        coalesce(held_client.is_base_held, false) as is_base_held
    from lent
    cross join scope
    cross join setting
    left join known_year
        on
            lent.year = known_year.year
            and lent.holder_kind = known_year.holder_kind
            and lent.holder_id = known_year.holder_id
    left join reported
        on
            lent.year = reported.year
            and lent.holder_kind = reported.holder_kind
            and lent.holder_id = reported.holder_id
            and scope.scope = reported.scope
    left join held_project on lent.project_id = held_project.project_id
    left join held_client on lent.client_id = held_client.client_id
),

reasoned as (
    select
        *,
        case
            when is_loan_held or (not is_reported and is_emission_held) then 'held_back'
            when not is_reported and year > due_year then 'not_due'
            when outstanding_amt is null then 'outstanding_unknown'
            when not is_reported then 'no_emission'
            when is_implausible then 'implausible'
            when emission_t is null then 'scope_not_reported'
            when denominator_amt is null and is_base_held then 'held_back'
            when denominator_amt is null and has_other_year then 'year_not_matched'
            when denominator_amt is null then 'no_denominator'
            when denominator_amt <= 0 then 'denominator_not_positive'
        end as reason
    from matched
    where year >= due_year or outstanding_amt is not null
),

-- more is not attributed than there is
attributed as (
    select
        $business_date as business_date,
        project_id,
        loan_id,
        client_id,
        branch_id,
        pcaf_class,
        year,
        scope,
        outstanding_amt,
        denominator_amt,
        basis,
        basis_on,
        case
            when reason is null
                then cast(least(outstanding_amt, denominator_amt) * 100 / nullif(denominator_amt, 0) as decimal(9, 4))
        end as attribution_pct,
        emission_t,
        case
            when reason is null
                then
                    cast(
                        emission_t * least(outstanding_amt, denominator_amt) / nullif(denominator_amt, 0)
                        as decimal(18, 4)
                    )
        end as financed_t,
        quality,
        option,
        report_due_on,
        reason
    from reasoned
)

select * from attributed
