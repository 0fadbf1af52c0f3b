-- one row per active client: when it was spoken with last and why that does not count, what the last promise came to,
-- and which colour stood before the one of tonight: null where no night within the history had another
with
stood_before as (
    select
        history.client_id,
        history.colour,
        row_number() over (partition by history.client_id order by history.last_night desc) as place
    from warnings.score_history as history
    inner join warnings.warning as warning on history.client_id = warning.client_id
    where history.last_night < warning.colour_since
),

background as (
    select
        told.client_id,
        last_contact.last_on,
        last_contact.last_channel,
        last_contact.last_outcome,
        last_contact.counted_on,
        last_contact.uncounted,
        told.promise_state,
        told.promise_due_on,
        told.needs,
        stood_before.colour as colour_before
    from tasks_contact.background as told
    left join tasks_contact_page.last_contact as last_contact on told.client_id = last_contact.client_id
    left join stood_before on told.client_id = stood_before.client_id and stood_before.place = 1
)

select * from background
