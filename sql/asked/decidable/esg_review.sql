-- one row per review that somebody prepared, or that was sent back; its key: PROJECT:END, with its period's last day
-- One that is closed is none any more. Whoever prepared it is not who approves or closes it.
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
