-- one row per client and indicator that stood and whose client, loan or project has its row in quarantine tonight
with
standing as (
    select * from verdict.standing
),

quarantine as (
    select distinct
        table_name,
        row_key
    from night.quarantine
),

subject as (
    select
        client_id,
        indicator,
        'client' as table_name,
        client_id as row_key
    from standing
    union all
    select
        client_id,
        indicator,
        'loan' as table_name,
        loan_id as row_key
    from standing
    union all
    select
        client_id,
        indicator,
        'project' as table_name,
        project_id as row_key
    from standing
),

withheld as (
    select distinct
        subject.client_id,
        subject.indicator
    from subject
    inner join quarantine on subject.table_name = quarantine.table_name and subject.row_key = quarantine.row_key
)

select * from withheld
