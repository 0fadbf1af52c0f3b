-- one row per yardstick, night and client that it picks, and that the colours pick: equally many each night
with
setting as (
    select max(case when setting = 'yardstick_days_past_due' then value end) as days_past_due
    from policy.evaluation_setting
),

client_month as (
    select * from warnings_backtest.client_month
),

warned as (
    select client_month.*
    from client_month
    inner join policy.colour as amber on amber.colour = 'amber' and client_month.colour_rank >= amber.rank
),

candidate as (
    select
        'days_past_due' as code,
        client_month.night,
        client_month.client_id,
        cast(client_month.days_past_due as decimal(18, 4)) as value
    from client_month
    cross join setting
    where client_month.days_past_due >= setting.days_past_due
    union all
    select
        'utilisation' as code,
        night,
        client_id,
        cast(utilisation_pct as decimal(18, 4)) as value
    from client_month
    where utilisation_pct > 0
),

warned_count as (
    select
        night,
        count(*) as n
    from warned
    group by night
),

candidate_count as (
    select
        code,
        night,
        count(*) as n
    from candidate
    group by code, night
),

-- as many as both can name: the one that names fewer sets how much work it is
workload as (
    select
        candidate_count.code,
        candidate_count.night,
        least(candidate_count.n, warned_count.n) as n
    from candidate_count
    inner join warned_count on candidate_count.night = warned_count.night
),

ranked as (
    select
        'yardstick' as kind,
        code,
        night,
        client_id,
        row_number() over (partition by code, night order by value desc, client_id asc) as place
    from candidate
    union all
    select
        'same_workload' as kind,
        workload.code,
        warned.night,
        warned.client_id,
        row_number() over (
            partition by workload.code, warned.night
            order by warned.colour_rank desc, warned.score desc, warned.client_id asc
        ) as place
    from warned
    inner join workload on warned.night = workload.night
),

equal_workload as (
    select
        ranked.kind,
        ranked.code,
        ranked.night,
        ranked.client_id
    from ranked
    inner join workload on ranked.code = workload.code and ranked.night = workload.night
    where ranked.place <= workload.n
)

select * from equal_workload
