-- one row per loan that is not closed: the least five-class category that the rules allow it, and why
{% import 'macros/five_class.sql' as five_class %}
with
loan as (
    select
        *,
        loan_id as case_id
    from features.loan_state
    where status <> 'closed'
),

observation as (
    select
        loan_id as case_id,
        is_again,
        is_unpaid
    from warnings_five_class.observation
),

recovery as (
    select loan_id as case_id
    from warnings_five_class.recovery
),

{{ five_class.classes() }},

{{ five_class.own_reasons() }},

{{ five_class.worst_reasons() }},

-- what no rule could look at is named
missing as (
    select
        string_agg(case when not is_partial then token end, ',' order by token) as not_supplied,
        string_agg(token, ',' order by token) as perhaps_not_supplied
    from warnings_verdict.missing
    where rule = 'floor'
),

withheld as (
    select client_id
    from warnings_verdict.withheld
    where rule = 'floor'
),

-- a reason stands whatever is withheld; that there is none is not known then
judged as (
    select
        loan.loan_id,
        case when worst_first.rank > 0 or withheld.client_id is null then worst_first.rank end as rank,
        worst_first.reason
    from loan
    left join worst_first on loan.case_id = worst_first.case_id and worst_first.place = 1
    left join withheld on loan.client_id = withheld.client_id
),

loan_floor as (
    select
        $business_date as business_date,
        loan.loan_id,
        loan.client_id,
        loan.branch_id,
        loan.asset_class,
        class.asset_class as floor_class,
        case when judged.rank is null then 'not_assessed' when judged.rank > 0 then judged.reason end as floor_reason,
        coalesce(judged.rank, -1) as floor_rank,
        debtor.bad_pct,
        case when judged.rank is null then missing.perhaps_not_supplied else missing.not_supplied end
            as not_supplied
    from loan
    cross join missing
    inner join judged on loan.loan_id = judged.loan_id
    left join class on judged.rank = class.rank
    left join debtor on loan.client_id = debtor.client_id
)

select * from loan_floor
