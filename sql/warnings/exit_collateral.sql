-- one row per client with a plan and collateral of its open loans: its liens, and what a sale can fetch for the client
-- A collateral of several clients' loans is parted by what these loans owe; what others have seized fetches nothing.
with
lien as (
    select count(*) > 0 as is_supplied
    from night.supplied_column
    where table_name = 'collateral' and column_name = 'prior_lien_amt'
),

haircut as (
    select * from policy.exit_haircut
),

held as (
    select * from features_collateral.held
    where collateral_id is not null
),

loan as (
    select
        loan_id,
        client_id,
        case when is_assessed then ead_amt end as ead_amt
    from features.loan_state
    where status <> 'closed' and coalesce(outstanding_amt > 0, true)
),

part as (
    select
        link.collateral_id,
        loan.client_id,
        sum(loan.ead_amt) as ead_amt,
        count(case when loan.ead_amt is null then 1 end) as unknown_count
    from source.collateral_loan as link
    inner join loan on link.loan_id = loan.loan_id
    group by link.collateral_id, loan.client_id
),

whole as (
    select
        collateral_id,
        count(*) as clients,
        sum(ead_amt) as ead_amt,
        sum(unknown_count) as unknown_count
    from part
    group by collateral_id
),

valued as (
    select
        held.client_id,
        placed.branch_id,
        held.collateral_id,
        held.loan_id,
        held.kind,
        held.value_amt,
        held.valued_on,
        cast(held.valued_on + held.revalue_days * interval '1' day as date) as revalue_by,
        case when lien.is_supplied then coalesce(held.prior_lien_amt, 0) end as prior_lien_amt,
        held.seized_on,
        haircut.realisable_pct,
        cast(
            case
                when whole.clients = 1 then 1
                when whole.unknown_count = 0 then cast(part.ead_amt / nullif(whole.ead_amt, 0) as decimal(18, 6))
            end as decimal(18, 6)
        ) as share
    from held
    cross join lien
    inner join warnings_exit.placed as placed on held.client_id = placed.client_id
    inner join part on held.collateral_id = part.collateral_id and held.client_id = part.client_id
    inner join whole on held.collateral_id = whole.collateral_id
    left join haircut on held.kind = haircut.kind
),

netted as (
    select
        *,
        cast(cast(value_amt as decimal(38, 2)) * realisable_pct * 0.01 as decimal(18, 2)) as sale_amt
    from valued
),

realised as (
    select
        $business_date as business_date,
        client_id,
        branch_id,
        collateral_id,
        loan_id,
        kind,
        value_amt,
        valued_on,
        revalue_by,
        prior_lien_amt,
        seized_on,
        realisable_pct,
        cast(100 * share as decimal(9, 4)) as share_pct,
        cast(
            case
                when seized_on is not null or sale_amt <= prior_lien_amt then 0
                else cast(sale_amt - prior_lien_amt as decimal(38, 2)) * share
            end as decimal(18, 2)
        ) as realisable_amt
    from netted
)

select * from realised
