-- one row per relationship short of a place: how active it would be next month if it did one thing more
{% import 'macros/month.sql' as months %}
with
aim as (
    select group_key
    from tiers_path.aim
    where needs_rank and reason is null
),

running as (
    select month
    from tiers_path.horizon
    where months_ahead = 0
),

-- of each member, the eleven months before the running one, and whether the running one counts already
counted as (
    select
        member.group_key,
        client_month.client_id,
        sum(case when client_month.has_activity and client_month.month < running.month then 1 else 0 end) as months,
        max(
            case when client_month.has_activity and client_month.month = running.month then 1 else 0 end
        ) as has_running,
        min(metric.observed_months) as observed_months
    from features.client_month as client_month
    cross join running
    inner join tiers_group.member as member on client_month.client_id = member.client_id
    inner join aim on member.group_key = aim.group_key
    inner join tiers.client_metric as metric on client_month.client_id = metric.client_id
    where client_month.month >= {{ months.first_day('running.month', -11) }}
    group by member.group_key, client_month.client_id
),

-- the most active member counts; where it is active already nothing more can be done
most as (
    select
        group_key,
        max(cast((months + 1) * 100.0 / nullif(least(observed_months + 1, 12), 0) as decimal(9, 4))) as activity_pct,
        max(has_running) = 1 as is_active_already
    from counted
    group by group_key
)

select * from most
