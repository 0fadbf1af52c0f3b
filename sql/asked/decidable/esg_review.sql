-- one row per review of a project that somebody prepared; its key: PROJECT:END, the end of its period as YYYY-MM-DD
-- whoever did is not who approves it
with
review as (
    select
        subject_key,
        client_id,
        branch_id,
        prepared_by as maker_id
    from esg.esg_review
    where state = 'prepared'
)

select * from review
