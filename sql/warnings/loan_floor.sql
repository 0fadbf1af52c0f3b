-- one row per loan that is not closed: the least five-class category that the rules allow it (C.2), and why
with
class as (
    select * from policy.asset_class
),

rule as (
    select
        five_class_floor.rule,
        five_class_floor.passed_value,
        five_class_floor.is_non_retail_only,
        class.rank
    from policy.five_class_floor
    inner join class on five_class_floor.asset_class = class.asset_class
),

loan as (
    select * from features.loan_state
    where status <> 'closed'
),

client as (
    select * from staging.client
),

observation as (
    select * from warnings_five_class.observation
),

recovery as (
    select * from warnings_five_class.recovery
),

bureau_month as (
    select
        *,
        row_number() over (partition by client_id order by month desc) as place
    from staging.bureau
),

elsewhere as (
    select
        client_id,
        cast(100 * overdue_90_amt / nullif(total_debt_amt, 0) as decimal(18, 4)) as bad_pct
    from bureau_month
    where place = 1
),

-- a class that the bank books can only be worse than what the arrears say; that it is normal is no finding of arrears
own as (
    select
        loan.loan_id,
        'asset_class' as reason,
        class.rank
    from loan
    inner join class on loan.asset_class = class.asset_class and class.rank > 0
    union all
    select
        loan.loan_id,
        rule.rule as reason,
        rule.rank
    from loan
    inner join rule
        on
            rule.rule in ('overdue', 'overdue_90', 'overdue_270', 'overdue_360')
            and loan.days_past_due > rule.passed_value
    union all
    select
        loan.loan_id,
        'not_overdue' as reason,
        0 as rank
    from loan
    where loan.is_assessed and loan.days_past_due = 0
    union all
    select
        loan.loan_id,
        rule.rule as reason,
        rule.rank
    from loan
    inner join rule on rule.rule = 'written_off'
    where loan.status = 'written_off'
    union all
    select
        observation.loan_id,
        rule.rule as reason,
        rule.rank
    from observation
    inner join rule
        on
            rule.rule = 'restructured'
            or (rule.rule = 'restructured_again' and observation.is_again)
            or (rule.rule = 'restructured_unpaid' and observation.is_unpaid)
    union all
    select
        recovery.loan_id,
        rule.rule as reason,
        rule.rank
    from recovery
    inner join rule on rule.rule = 'recovering'
    union all
    select
        loan.loan_id,
        rule.rule as reason,
        rule.rank
    from loan
    inner join client on loan.client_id = client.client_id
    inner join elsewhere on loan.client_id = elsewhere.client_id
    inner join rule
        on
            rule.rule in ('bad_elsewhere', 'bad_elsewhere_20')
            and elsewhere.bad_pct > rule.passed_value
            and not (rule.is_non_retail_only and client.is_natural_person)
),

own_rank as (
    select
        loan_id,
        max(rank) as rank
    from own
    group by loan_id
),

bad_from as (
    select min(rank) as rank
    from class
    where is_bad
),

-- the share of the debtor's exposure here that is bad by each loan's own merits
debtor as (
    select
        loan.client_id,
        cast(
            100 * sum(case when own_rank.rank >= bad_from.rank then loan.ead_amt else 0 end)
            / nullif(sum(loan.ead_amt), 0) as decimal(18, 4)
        ) as bad_pct
    from loan
    cross join bad_from
    left join own_rank on loan.loan_id = own_rank.loan_id
    group by loan.client_id
),

contagion as (
    select
        loan.loan_id,
        rule.rule as reason,
        rule.rank
    from loan
    inner join client on loan.client_id = client.client_id
    inner join debtor on loan.client_id = debtor.client_id
    inner join rule
        on
            rule.rule in ('bad_here', 'contagion')
            and debtor.bad_pct > rule.passed_value
            and not (rule.is_non_retail_only and client.is_natural_person)
),

reason as (
    select * from own
    union all
    select * from contagion
),

-- of reasons for the same class, a rule says more than the class that the source gives
worst_first as (
    select
        loan_id,
        reason,
        rank,
        row_number() over (
            partition by loan_id
            order by
                rank desc,
                case when reason = 'asset_class' then 2 when reason in ('contagion', 'bad_here') then 1 else 0 end asc,
                reason asc
        ) as place
    from reason
),

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
    left join worst_first on loan.loan_id = worst_first.loan_id and worst_first.place = 1
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
