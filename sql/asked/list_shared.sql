-- one row per branch: whether its shared mailbox gets the list, since policy says so or since somebody's cards, or the
-- whole of it, would reach nobody
with
recipient as (
    select * from asked.list_recipient
),

rule as (
    select
        branch.branch_id,
        coalesce(own.shared_list, every.shared_list, 'always') as shared_list
    from source.branch as branch
    left join policy.mail_rule as own on branch.branch_id = own.branch_id
    left join policy.mail_rule as every on every.branch_id = '*'
),

head as (
    select distinct branch_id
    from recipient
    where sees_all
),

unreached as (
    select distinct task.branch_id
    from tasks.task as task
    left join recipient on task.branch_id = recipient.branch_id and task.owner_id = recipient.staff_id
    where recipient.staff_id is null
),

shared as (
    select
        rule.branch_id,
        rule.shared_list = 'always' or head.branch_id is null or unreached.branch_id is not null as is_shared
    from rule
    left join head on rule.branch_id = head.branch_id
    left join unreached on rule.branch_id = unreached.branch_id
)

select * from shared
