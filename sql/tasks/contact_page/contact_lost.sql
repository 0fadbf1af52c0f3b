-- one row per client that left in the last months: when, whose it was, how long nobody had spoken with it by then
-- One never spoken with since the bank's records of contacts begin is silent since then, at least; of one that left
-- before they begin nobody knows.
with
setting as (
    select cast(max(case when setting = 'contact_history_months' then value end) as integer) as history_months
    from policy.task_setting
),

left_client as (
    select
        client.branch_id,
        client.client_id,
        client.rm_id as staff_id,
        client.closed_date as closed_on
    from source.client as client
    cross join setting
    where
        client.closed_date <= $business_date
        and date_diff('day', client.closed_date, $business_date) <= 31 * setting.history_months
),

recorded as (
    select min(occurred_on) as first_on
    from staging.contact
),

spoken as (
    select
        contact.client_id,
        max(contact.occurred_on) as last_on
    from staging.contact as contact
    inner join left_client on contact.client_id = left_client.client_id and contact.occurred_on <= left_client.closed_on
    inner join policy.contact_kind as contact_kind on contact.kind = contact_kind.kind
    where contact_kind.is_personal and contact.is_two_way and coalesce(contact.channel, '') <> 'message'
    group by contact.client_id
),

told as (
    select
        left_client.branch_id,
        left_client.client_id,
        left_client.staff_id,
        left_client.closed_on,
        spoken.last_on,
        cast(
            case
                when recorded.first_on <= left_client.closed_on
                    then date_diff('day', coalesce(spoken.last_on, recorded.first_on), left_client.closed_on)
            end as integer
        ) as silent_days
    from left_client
    cross join recorded
    left join spoken on left_client.client_id = spoken.client_id
)

select * from told
