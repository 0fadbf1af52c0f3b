-- one row per active client that owes, guarantees or has a project: of it the outside is asked; with its net assets
with
client as (
    select
        client_id,
        not is_natural_person as is_company
    from staging.client
    where is_active
),

concerned as (
    select client_id from features.client_exposure
    union
    select guarantor_client_id as client_id from source.guarantee
    union
    select client_id from features.project_state
),

position as (
    select
        client_id,
        equity,
        source_keys
    from features_statement.position
    where is_current
),

subject as (
    select
        client.client_id,
        client.is_company,
        position.equity,
        position.source_keys
    from client
    inner join concerned on client.client_id = concerned.client_id
    left join position on client.client_id = position.client_id
)

select * from subject
