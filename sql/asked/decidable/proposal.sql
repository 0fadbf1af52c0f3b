-- one row per proposal that may be made to a client; its key: the proposal's id (export proposal)
-- the night worked it out; turned down or put off, its product is not offered to the client meanwhile
with
client as (
    select
        client_id,
        branch_id
    from staging.client
),

proposal as (
    select
        proposal.proposal_id as subject_key,
        proposal.client_id,
        client.branch_id,
        cast(null as varchar) as maker_id
    from care.proposal as proposal
    left join client on proposal.client_id = client.client_id
    where proposal.verdict = 'offer'
)

select * from proposal
