-- one row per review of a project that somebody prepared, also one that was sent back and is not closed yet; its key:
-- PROJECT:END, the end of its period as YYYY-MM-DD. Whoever prepared it is not who approves or closes it
with
review as (
    select
        subject_key,
        client_id,
        branch_id,
        prepared_by as maker_id
    from esg.esg_review
    where state = 'prepared' or (returned_by is not null and closed_by is null)
)

select * from review
