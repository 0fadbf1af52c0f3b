-- one row per client and thing that a visit to it would serve: what asks for one (`is_leading`), and what joins it (a
-- key check is asked for within days, by whatever way is quickest)
with
contact as (
    select
        client_id,
        kind,
        slot as subject,
        cast(null as varchar) as loan_id,
        due_on,
        true as is_leading
    from tasks.contact_plan
    where state = 'open' and kind in ('face_to_face', 'branch_head_visit', 'head_office_visit')
),

-- a sponsor and a guarantor are clients of their own: it is they who are visited
check_due as (
    select
        case when kind in ('sponsor', 'guarantor') then subject else client_id end as client_id,
        kind,
        subject,
        loan_id,
        due_on,
        kind in ('first_check', 'site_check') as is_leading
    from care.post_loan_check
    where state in ('open', 'overdue') and kind <> 'desk_check'
),

esg as (
    select
        client_id,
        'esg_site_visit' as kind,
        project_id as subject,
        cast(null as varchar) as loan_id,
        due_on,
        true as is_leading
    from tasks.esg_due
    where state in ('open', 'overdue') and kind = 'site_visit' and rule = 'rhythm'
),

-- a plan of contingency and exit begins with a meeting: its other steps follow it, so a visit is not later than its day
exit_plan as (
    select
        client_id,
        'exit_plan' as kind,
        action as subject,
        cast(null as varchar) as loan_id,
        due_on,
        true as is_leading
    from tasks_exit_plan.step
    where is_visit and not is_done
),

gathered as (
    select * from contact
    union all
    select * from check_due
    union all
    select * from esg
    union all
    select * from exit_plan
),

client as (
    select client_id
    from staging.client
    where is_active
),

known as (
    select gathered.*
    from gathered
    inner join client on gathered.client_id = client.client_id
)

select * from known
