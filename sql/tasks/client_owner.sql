-- one row per active client: whose it is, who acts while that person is away, and from whom it came
with
owner as (
    select * from tasks_listing.owner
),

client as (
    select
        client_id,
        rm_id
    from staging.client
    where is_active
),

away as (
    select * from staging.absence
),

-- who belongs to whom may be said twice: then the client's own row counts, and the other is told
managers as (
    select
        client_id,
        count(distinct staff_id) as managers
    from source.client_team
    where role = 'rm' and valid_from <= $business_date and coalesce(valid_to > $business_date, true)
    group by client_id
),

-- where no night has seen a client yet, the register tells whose manager left, and the team from whom else it came: who
-- ceased to be its manager last, unless tonight's was one already by then
ceased as (
    select
        client_id,
        staff_id,
        valid_to,
        row_number() over (partition by client_id order by valid_to desc, staff_id asc) as place
    from source.client_team
    where role = 'rm' and valid_to <= $business_date
),

began as (
    select
        client_id,
        staff_id,
        min(valid_from) as began_on
    from source.client_team
    where role = 'rm'
    group by client_id, staff_id
),

gone as (
    select
        staff_id,
        active_to
    from source.staff
    where active_to <= $business_date
),

supplied as (
    select is_supplied as is_staff_known
    from night.supplied
    where table_name = 'staff'
),

joined as (
    select
        client.client_id,
        owner.branch_id,
        owner.holder_id as owner_id,
        case when away.staff_id is not null then owner.owner_id end as deputy_id,
        away.staff_id is not null as is_away,
        away.to_on as away_until,
        case
            when owner.owner_id is null then 'no_owner'
            when supplied.is_staff_known and client.rm_id is not null and manager.staff_id is null then 'owner_left'
            when away.deputy_id is not null and owner.owner_id <> away.deputy_id then 'deputy_not_there'
            when managers.managers > 1 then 'several_managers'
        end as issue,
        standing.client_id is not null as is_known,
        standing.owner_id as standing_owner_id,
        standing.handed_on as standing_handed_on,
        standing.handed_from_id as standing_handed_from_id,
        case
            when gone.staff_id is not null then gone.active_to
            when coalesce(began.began_on >= ceased.valid_to, true) then ceased.valid_to
        end as ceased_on,
        coalesce(gone.staff_id, ceased.staff_id) as ceased_id
    from client
    inner join owner on client.client_id = owner.client_id
    cross join supplied
    left join staging.staff as manager on client.rm_id = manager.staff_id
    left join away on owner.holder_id = away.staff_id
    left join managers on client.client_id = managers.client_id
    left join previous.client_owner as standing on client.client_id = standing.client_id
    left join ceased
        on client.client_id = ceased.client_id and ceased.place = 1 and owner.holder_id <> ceased.staff_id
    left join gone on client.rm_id = gone.staff_id and manager.staff_id is null and owner.holder_id <> gone.staff_id
    left join began on client.client_id = began.client_id and owner.holder_id = began.staff_id
),

handed as (
    select
        $business_date as business_date,
        branch_id,
        client_id,
        owner_id,
        is_away,
        deputy_id,
        away_until,
        issue,
        case
            when is_known and coalesce(standing_owner_id, '') <> coalesce(owner_id, '') then $business_date
            when is_known then standing_handed_on
            else ceased_on
        end as handed_on,
        case
            when is_known and coalesce(standing_owner_id, '') <> coalesce(owner_id, '') then standing_owner_id
            when is_known then standing_handed_from_id
            when ceased_on is not null then ceased_id
        end as handed_from_id
    from joined
)

select * from handed
