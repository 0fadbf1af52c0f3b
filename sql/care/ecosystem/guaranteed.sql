-- one row per guarantor, client that it guarantees, and table that says so: for how much, and since when
with
lent as (
    select
        loan_id,
        client_id,
        rate,
        start_date
    from staging.loan
    where status <> 'closed'
),

given as (
    select
        guarantee.guarantor_client_id as guarantor_id,
        lent.client_id as debtor_id,
        'guarantee' as source,
        cast(guarantee.amount * lent.rate as decimal(18, 2)) as amount,
        lent.start_date as since
    from source.guarantee as guarantee
    inner join lent on guarantee.loan_id = lent.loan_id
    where coalesce(guarantee.amount > 0, true)
    union all
    select
        client_id as guarantor_id,
        other_client_id as debtor_id,
        'client_link' as source,
        cast(null as decimal(18, 2)) as amount,
        valid_from as since
    from care_ecosystem.link
    where kind = 'guarantees'
),

guaranteed as (
    select
        guarantor_id,
        debtor_id,
        source,
        cast(sum(amount) as decimal(38, 2)) as amount,
        min(since) as since
    from given
    group by guarantor_id, debtor_id, source
)

select * from guaranteed
