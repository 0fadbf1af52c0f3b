-- one row per client and visit, or contact more of the watch list, that was made within its window, and when first
with
windows as (
    select
        client_id,
        kind,
        window_start,
        window_end
    from tasks_contact.owed
    where place >= 1
),

gap as (
    select cast(max(case when setting = 'contact_gap_days' then value end) as integer) as days
    from policy.task_setting
),

above as (
    select distinct parent_branch_id
    from source.branch
),

-- who visits counts by role and branch
person as (
    select
        staff.staff_id,
        staff.role = 'branch_head' as is_branch_head,
        above.parent_branch_id is not null and branch.parent_branch_id is null as is_head_office
    from source.staff as staff
    left join source.branch as branch on staff.branch_id = branch.branch_id
    left join above on staff.branch_id = above.parent_branch_id
),

-- a salon is no conversation with one client, and what was sent to many is none with anybody
spoken as (
    select
        contact.client_id,
        contact.occurred_on,
        contact.is_two_way,
        coalesce(contact_channel.is_face_to_face, false) as is_face_to_face,
        coalesce(person.is_branch_head, false) as is_branch_head,
        coalesce(person.is_head_office, false) as is_head_office
    from tasks_contact.contact as contact
    inner join policy.contact_kind as contact_kind on contact.kind = contact_kind.kind
    left join policy.contact_channel as contact_channel on contact.channel = contact_channel.channel
    left join person on contact.staff_id = person.staff_id
    where contact_kind.is_personal and coalesce(contact.channel, '') <> 'message'
),

met as (
    select
        windows.client_id,
        windows.kind,
        windows.window_start,
        spoken.occurred_on
    from windows
    inner join spoken
        on
            windows.client_id = spoken.client_id
            and windows.window_start <= spoken.occurred_on
            and windows.window_end >= spoken.occurred_on
    where
        (windows.kind = 'face_to_face' and spoken.is_face_to_face)
        or (windows.kind = 'branch_head_visit' and spoken.is_face_to_face and spoken.is_branch_head)
        or (windows.kind = 'head_office_visit' and spoken.is_face_to_face and spoken.is_head_office)
        or (windows.kind = 'watch_contact' and spoken.is_two_way)
),

-- the contact more is one beside the fixed ones, and as far from them as they from each other
near as (
    select distinct
        met.client_id,
        met.occurred_on
    from met
    cross join gap
    inner join tasks_contact.filled as filled on met.client_id = filled.client_id
    where
        met.kind = 'watch_contact'
        and date_diff('day', filled.done_on, met.occurred_on) < gap.days
        and date_diff('day', met.occurred_on, filled.done_on) < gap.days
),

done as (
    select
        met.client_id,
        met.kind,
        met.window_start,
        min(met.occurred_on) as done_on
    from met
    left join near on met.client_id = near.client_id and met.occurred_on = near.occurred_on
    where met.kind <> 'watch_contact' or near.client_id is null
    group by met.client_id, met.kind, met.window_start
)

select * from done
