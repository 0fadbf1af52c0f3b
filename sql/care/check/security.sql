-- one row per loan and line that is renewed beside the checks: collateral to be valued and insured, the project's
-- insurances, its account, its sponsor and the guarantors
with
setting as (
    select max(case when setting = 'daily_value_days' then value end) as daily_value_days
    from policy.post_loan_setting
),

loan as (
    select * from care_check.loan
),

rhythm as (
    select * from policy.security_rhythm
),

collateral as (
    select
        loan.loan_id,
        held.collateral_id,
        held.valued_on,
        held.insured_until,
        collateral_kind.revalue_days
    from loan
    inner join source.collateral_loan as pledge on loan.loan_id = pledge.loan_id
    inner join source.collateral as held on pledge.collateral_id = held.collateral_id
    left join policy.collateral_kind as collateral_kind on held.kind = collateral_kind.kind
    where held.seized_on is null
),

-- what is priced every day needs no visit, and a kind that policy does not name has no rhythm
valuation as (
    select
        loan_id,
        'collateral_valuation' as kind,
        collateral_id as subject,
        cast(valued_on + revalue_days * interval '1' day as date) as due_on,
        valued_on as done_on,
        revalue_days as interval_days,
        case when valued_on is null then 'no_date' end as unknown
    from collateral
    cross join setting
    where revalue_days > setting.daily_value_days
),

insured as (
    select
        loan_id,
        'collateral_insurance' as kind,
        collateral_id as subject,
        insured_until as due_on,
        cast(null as date) as done_on,
        cast(null as integer) as interval_days,
        cast(null as varchar) as unknown
    from collateral
    where insured_until is not null
),

project_insurance as (
    select
        loan.loan_id,
        'project_insurance' as kind,
        insurance.insurance_id as subject,
        insurance.expires_on as due_on,
        cast(null as date) as done_on,
        cast(null as integer) as interval_days,
        cast(null as varchar) as unknown
    from loan
    inner join esg.insurance as insurance on loan.project_id = insurance.project_id
),

-- the reserve is told with the cash flows, the routing month by month
account_told as (
    select
        client_id,
        max(month) as told_on
    from features.account_covenant_month
    group by client_id
),

project_account as (
    select
        loan.loan_id,
        'project_account' as kind,
        loan.project_id as subject,
        cast(greatest(
            coalesce(project.cashflow_date, account_told.told_on), coalesce(account_told.told_on, project.cashflow_date)
        ) + rhythm.interval_days * interval '1' day as date) as due_on,
        greatest(
            coalesce(project.cashflow_date, account_told.told_on), coalesce(account_told.told_on, project.cashflow_date)
        ) as done_on,
        rhythm.interval_days,
        case when coalesce(project.cashflow_date, account_told.told_on) is null then 'not_recorded' end as unknown
    from loan
    inner join features.project_state as project on loan.project_id = project.project_id
    inner join rhythm on rhythm.kind = 'project_account'
    left join account_told on loan.client_id = account_told.client_id
    -- a reserve and receipts are there once it runs
    where project.stage = 'operation'
),

spoken as (
    select
        contact.client_id,
        max(contact.occurred_on) as spoken_on
    from staging.contact as contact
    inner join policy.contact_kind as contact_kind on contact.kind = contact_kind.kind
    where contact_kind.is_personal and contact.is_two_way
    group by contact.client_id
),

told as (
    select * from care_check.told
),

sponsor as (
    select
        loan.loan_id,
        'sponsor' as kind,
        client_tier.carrier_client_id as subject,
        cast(
            coalesce(spoken.spoken_on, loan.known_from) + rhythm.interval_days * interval '1' day as date
        ) as due_on,
        spoken.spoken_on as done_on,
        rhythm.interval_days,
        case when not told.is_check_told then 'not_recorded' end as unknown
    from loan
    inner join tiers.client_tier as client_tier on loan.client_id = client_tier.client_id
    inner join rhythm on rhythm.kind = 'sponsor'
    cross join told
    left join spoken on client_tier.carrier_client_id = spoken.client_id
    where loan.project_id is not null and client_tier.carrier_client_id <> loan.client_id
),

accounts as (
    select
        client_id,
        max(published_on) as published_on
    from staging.statement
    group by client_id
),

guarantor_told as (
    select distinct
        loan.loan_id,
        loan.known_from,
        given.guarantor_client_id,
        greatest(
            coalesce(spoken.spoken_on, accounts.published_on), coalesce(accounts.published_on, spoken.spoken_on)
        ) as told_on
    from loan
    inner join source.guarantee as given on loan.loan_id = given.loan_id
    left join spoken on given.guarantor_client_id = spoken.client_id
    left join accounts on given.guarantor_client_id = accounts.client_id
),

guarantor as (
    select
        guarantor_told.loan_id,
        'guarantor' as kind,
        guarantor_told.guarantor_client_id as subject,
        cast(
            coalesce(guarantor_told.told_on, guarantor_told.known_from)
            + rhythm.interval_days * interval '1' day as date
        ) as due_on,
        guarantor_told.told_on as done_on,
        rhythm.interval_days,
        case when guarantor_told.told_on is null and not told.is_check_told then 'not_recorded' end as unknown
    from guarantor_told
    inner join rhythm on rhythm.kind = 'guarantor'
    cross join told
),

gathered as (
    select * from valuation
    union all
    select * from insured
    union all
    select * from project_insurance
    union all
    select * from project_account
    union all
    select * from sponsor
    union all
    select * from guarantor
),

staged as (
    select
        gathered.loan_id,
        gathered.kind,
        gathered.subject,
        gathered.due_on,
        gathered.done_on,
        loan.stage,
        gathered.interval_days,
        gathered.kind as basis,
        gathered.unknown
    from gathered
    inner join loan on gathered.loan_id = loan.loan_id
)

select * from staged
