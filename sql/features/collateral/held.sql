-- one row per client and collateral that secures an open loan of it; of a bank that supplies none, per borrower without
with
loan as (
    select
        loan_id,
        client_id
    from features.loan_state
    where status <> 'closed' and coalesce(outstanding_amt > 0, true)
),

supplied as (
    select count(*) = 2 as is_supplied
    from night.supplied
    where table_name in ('collateral', 'collateral_loan') and is_supplied
),

secured as (
    select
        loan.client_id,
        link.collateral_id,
        min(link.loan_id) as loan_id
    from source.collateral_loan as link
    inner join loan on link.loan_id = loan.loan_id
    group by loan.client_id, link.collateral_id
),

held as (
    select
        secured.client_id,
        secured.loan_id,
        collateral.collateral_id,
        collateral.kind,
        collateral.value_amt,
        collateral.valued_on,
        collateral.prior_lien_amt,
        collateral.margin_line_amt,
        case when collateral.seized_on <= $business_date then collateral.seized_on end as seized_on,
        known.before_value_amt,
        known.before_valued_on,
        kind.kind is not null as is_kind_known,
        kind.revalue_days,
        coalesce(kind.is_traded, false) as is_traded,
        'collateral:' || collateral.collateral_id as source_keys
    from secured
    inner join source.collateral as collateral on secured.collateral_id = collateral.collateral_id
    left join features.collateral_value as known on collateral.collateral_id = known.collateral_id
    left join policy.collateral_kind as kind on collateral.kind = kind.kind
    union all
    select distinct
        loan.client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as collateral_id,
        cast(null as varchar) as kind,
        cast(null as decimal(18, 2)) as value_amt,
        cast(null as date) as valued_on,
        cast(null as decimal(18, 2)) as prior_lien_amt,
        cast(null as decimal(18, 2)) as margin_line_amt,
        cast(null as date) as seized_on,
        cast(null as decimal(18, 2)) as before_value_amt,
        cast(null as date) as before_valued_on,
        false as is_kind_known,
        cast(null as integer) as revalue_days,
        false as is_traded,
        cast(null as varchar) as source_keys
    from loan
    cross join supplied
    where not supplied.is_supplied
)

select * from held
