-- one row per loan that is followed after it was paid out: its class of rhythm, the watch stage of its client, since
-- when, and from which day on a check can be known
with
loan as (
    select
        loan_id,
        client_id,
        branch_id,
        project_id,
        outstanding_amt,
        start_date
    from features.loan_state
    where status = 'active' and (outstanding_amt > 0 or outstanding_amt is null)
),

client as (
    select
        client_id,
        is_natural_person
    from staging.client
),

project as (
    select
        project_id,
        stage
    from features.project_state
),

-- money needs no valuation (policy collateral_kind)
pledged as (
    select
        pledge.loan_id,
        sum(collateral.value_amt) as cash_amt
    from source.collateral_loan as pledge
    inner join source.collateral as collateral on pledge.collateral_id = collateral.collateral_id
    inner join policy.collateral_kind as collateral_kind on collateral.kind = collateral_kind.kind
    where collateral_kind.revalue_days is null and collateral.seized_on is null
    group by pledge.loan_id
),

watch as (
    select
        client_id,
        stage,
        since
    from warnings.watch
),

contacted as (
    select min(occurred_on) as first_on
    from staging.contact
),

reported as (
    select min(checked_on) as first_on
    from source.check_report
    where checked_on <= $business_date
),

-- what was done before the bank kept records, of contacts or of reports, nobody can know
recorded as (
    select least(contacted.first_on, reported.first_on) as first_on
    from contacted
    cross join reported
),

followed as (
    select
        loan.loan_id,
        loan.client_id,
        loan.branch_id,
        loan.project_id,
        loan.outstanding_amt,
        case
            when project.stage = 'construction' then 'project_construction'
            when project.stage = 'operation' then 'project_operation'
            when pledged.cash_amt >= loan.outstanding_amt then 'cash_secured'
            when coalesce(client.is_natural_person, false) then 'personal'
            else 'general'
        end as class,
        coalesce(watch.stage, 'W0') as stage,
        watch.since as stage_since,
        greatest(loan.start_date, coalesce(recorded.first_on, loan.start_date)) as known_from
    from loan
    cross join recorded
    left join client on loan.client_id = client.client_id
    left join project on loan.project_id = project.project_id
    left join pledged on loan.loan_id = pledged.loan_id
    left join watch on loan.client_id = watch.client_id
)

select * from followed
