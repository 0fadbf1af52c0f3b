-- one row per branch and person who gets a mail of one's own: the head with the whole list, others with their cards
with
person as (
    select
        staff_id,
        branch_id,
        role,
        email
    from source.staff
    where
        email like '%@%'
        and coalesce(active_from, date '1900-01-01') <= $morning
        and coalesce(active_to, date '9999-12-31') >= $morning
),

-- a branch's own row stands in place of the one for all
rule as (
    select
        branch.branch_id,
        -- a mail that only says where the list is has no cards of anybody's
        coalesce(own.is_by_person, every.is_by_person, false)
        and coalesce(branch.mail_mode <> 'link_only', true) as is_by_person
    from source.branch as branch
    left join policy.mail_rule as own on branch.branch_id = own.branch_id
    left join policy.mail_rule as every on every.branch_id = '*'
),

owner as (
    select distinct
        branch_id,
        owner_id
    from tasks.task
    where owner_id is not null
),

recipient as (
    select
        person.branch_id,
        person.staff_id,
        person.email,
        person.role = 'branch_head' as sees_all
    from person
    inner join rule on person.branch_id = rule.branch_id and rule.is_by_person
    left join owner on person.branch_id = owner.branch_id and person.staff_id = owner.owner_id
    where owner.owner_id is not null or person.role = 'branch_head'
)

select * from recipient
