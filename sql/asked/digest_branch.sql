-- one row per branch of tonight's registry: how many of its clients have which colour and stage, and what of it is late
with
branch as (
    select
        branch_id,
        name,
        name_en
    from source.branch
),

summary as (
    select * from tasks.branch_summary
),

stage as (
    select
        stage,
        level
    from policy.watch_stage
),

watched as (
    select
        watch.branch_id,
        count(*) as watched_count,
        sum(case when stage.level >= 3 then 1 else 0 end) as intensive_count
    from warnings.watch as watch
    inner join stage on watch.stage = stage.stage
    group by watch.branch_id
),

digest_branch as (
    select
        branch.branch_id,
        branch.name,
        branch.name_en,
        coalesce(summary.clients_red, 0) as red_count,
        coalesce(summary.clients_orange, 0) as orange_count,
        coalesce(summary.clients_amber, 0) as amber_count,
        coalesce(summary.clients_blue, 0) as blue_count,
        coalesce(summary.clients_green, 0) as green_count,
        coalesce(summary.clients_not_assessed, 0) as not_assessed_count,
        coalesce(summary.clients_no_credit, 0) as no_credit_count,
        coalesce(watched.watched_count, 0) as watched_count,
        coalesce(watched.intensive_count, 0) as intensive_count,
        coalesce(summary.tasks_overdue, 0) as tasks_overdue
    from branch
    left join summary on branch.branch_id = summary.branch_id
    left join watched on branch.branch_id = watched.branch_id
)

select * from digest_branch
