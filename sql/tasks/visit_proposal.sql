-- one row per visit that is proposed, and per one that was and is done or called off since some days: its day, its
-- version, and how much it serves
with
standing as (
    select * from previous.visit_proposal
),

setting as (
    select cast(max(case when setting = 'visit_kept_days' then value end) as integer) as kept_days
    from policy.task_setting
),

wanted as (
    select * from tasks_visit.joined
),

-- a day that was proposed stands while it lies ahead and nothing is due before it
dated as (
    select
        wanted.client_id,
        wanted.first_due_on,
        wanted.join_until,
        open_before.visit_id,
        open_before.visit_on as before_on,
        open_before.sequence as before_sequence,
        open_before.proposed_on,
        case
            when open_before.visit_on >= $morning then least(open_before.visit_on, wanted.wanted_on)
            else wanted.wanted_on
        end as visit_on
    from wanted
    left join standing as open_before on wanted.client_id = open_before.client_id and open_before.state = 'planned'
),

-- what is due before the visit and not overdue yet stands apart: it has to be done before
served as (
    select
        dated.client_id,
        count(*) as items
    from dated
    inner join tasks_visit.due as due
        on
            dated.client_id = due.client_id
            and dated.join_until >= due.due_on
            and (due.due_on < $morning or dated.visit_on <= due.due_on)
    group by dated.client_id
),

proposed as (
    select
        coalesce(dated.visit_id, substr(md5(dated.client_id || '|' || cast($business_date as varchar)), 1, 16))
            as visit_id,
        dated.client_id,
        dated.visit_on,
        dated.first_due_on,
        'planned' as state,
        dated.before_on,
        coalesce(dated.before_sequence, 0) as before_sequence,
        cast(served.items as integer) as item_count,
        coalesce(dated.proposed_on, $business_date) as proposed_on,
        cast(null as date) as closed_on
    from dated
    inner join served on dated.client_id = served.client_id
),

-- nothing asks for it any more: it was made, or is called off
closed as (
    select
        standing.visit_id,
        standing.client_id,
        standing.visit_on,
        standing.first_due_on,
        case
            when standing.state <> 'planned' then standing.state
            when met.met_on >= standing.proposed_on then 'done'
            else 'cancelled'
        end as state,
        standing.visit_on as before_on,
        case when standing.state = 'planned' then standing.sequence + 1 else standing.sequence end as before_sequence,
        standing.item_count,
        standing.proposed_on,
        coalesce(standing.closed_on, $business_date) as closed_on
    from standing
    cross join setting
    left join wanted on standing.client_id = wanted.client_id
    left join tasks_visit.met as met on standing.client_id = met.client_id
    where
        (standing.state = 'planned' and wanted.client_id is null)
        or (standing.state <> 'planned' and date_diff('day', standing.closed_on, $business_date) <= setting.kept_days)
),

gathered as (
    select * from proposed
    union all
    select * from closed
),

listed as (
    select
        $business_date as business_date,
        owner.branch_id,
        gathered.visit_id,
        gathered.client_id,
        owner.holder_id as owner_id,
        case when owner.owner_id <> owner.holder_id then owner.owner_id end as deputy_id,
        gathered.visit_on,
        gathered.first_due_on,
        gathered.state,
        cast(
            gathered.before_sequence + case when gathered.before_on <> gathered.visit_on then 1 else 0 end as integer
        ) as sequence,
        gathered.item_count,
        gathered.proposed_on,
        gathered.closed_on
    from gathered
    left join tasks_listing.owner as owner on gathered.client_id = owner.client_id
)

select * from listed
