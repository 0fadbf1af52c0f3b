-- one row per client, person and stretch of days of the quarter over which the client was that person's
-- Nights remember who had a client and on which of them it changed hands; before the first night the first owner had
-- it.
with
quarter as (
    select * from tasks_scorecard.quarter
),

seen as (
    select
        client_id,
        owner_id,
        handed_on,
        handed_from_id,
        business_date
    from history.client_owner
),

newest as (
    select
        seen.*,
        row_number() over (
            partition by client_id, coalesce(handed_on, date '1900-01-01') order by business_date desc
        ) as place
    from seen
),

standing as (
    select
        client_id,
        owner_id,
        handed_from_id,
        coalesce(handed_on, date '1900-01-01') as from_on
    from newest
    where place = 1
),

earliest as (
    select
        client_id,
        min(from_on) as from_on
    from standing
    group by client_id
),

-- who had it before the first hand-over that a night saw
begun as (
    select
        standing.client_id,
        standing.handed_from_id as owner_id,
        date '1900-01-01' as from_on
    from standing
    inner join earliest on standing.client_id = earliest.client_id and standing.from_on = earliest.from_on
    where standing.from_on <> date '1900-01-01'
    union all
    select
        client_id,
        owner_id,
        from_on
    from standing
),

ended as (
    select
        client_id,
        owner_id,
        from_on,
        lead(from_on) over (partition by client_id order by from_on) as next_on
    from begun
),

client as (
    select
        client_id,
        onboard_date,
        closed_date
    from source.client
),

person as (
    select
        staff_id,
        from_on,
        to_on
    from tasks_scorecard.person
),

bounded as (
    select
        ended.client_id,
        person.staff_id,
        greatest(ended.from_on, person.from_on, client.onboard_date) as from_on,
        least(
            coalesce(ended.next_on - 1, quarter.last_day),
            coalesce(client.closed_date - 1, quarter.last_day),
            person.to_on
        ) as to_on
    from ended
    cross join quarter
    inner join client on ended.client_id = client.client_id
    inner join person on ended.owner_id = person.staff_id
),

owned as (
    select
        client_id,
        staff_id,
        from_on,
        to_on,
        cast(date_diff('day', from_on, to_on) + 1 as integer) as days_owned
    from bounded
    where from_on <= to_on
)

select * from owned
