-- one row per measure: counts of which rates are made, lead times, and of an indicator whether it helps
with
setting as (
    select
        max(case when setting = 'early_lead_days' then cast(value as integer) end) as early_lead_days,
        max(case when setting = 'useful_lift' then value end) as useful_lift,
        max(case when setting = 'useful_least_episodes' then cast(value as integer) end) as least_episodes
    from policy.evaluation_setting
),

-- how many indicators, and which, were right about an event
by_event as (
    select
        client_id,
        count(*) as told_by
    from warnings_backtest.event_told
    where kind = 'indicator' and is_hit
    group by client_id
),

event_figure as (
    select
        told.kind,
        told.code,
        count(*) as events,
        count(case when told.is_hit then 1 end) as hits,
        count(case when told.kind = 'indicator' and told.is_hit and by_event.told_by = 1 then 1 end) as marginal_hits,
        count(told.lead_days) as detected,
        count(case when told.is_left_out then 1 end) as left_out,
        count(case when told.lead_days >= setting.early_lead_days then 1 end) as early,
        cast(quantile_cont(told.lead_days, 0.25) as decimal(9, 2)) as lead_p25_days,
        cast(quantile_cont(told.lead_days, 0.5) as decimal(9, 2)) as lead_median_days,
        cast(quantile_cont(told.lead_days, 0.75) as decimal(9, 2)) as lead_p75_days,
        count(told.delay_days) as with_visible_day,
        count(case when told.delay_days < 0 then 1 end) as before_visible,
        cast(quantile_cont(told.delay_days, 0.5) as decimal(9, 2)) as delay_median_days
    from warnings_backtest.event_told as told
    cross join setting
    left join by_event on told.client_id = by_event.client_id
    group by told.kind, told.code
),

episode_figure as (
    select
        kind,
        code,
        count(*) as episodes,
        count(case when is_complete then 1 end) as complete_episodes,
        count(case when is_complete and is_followed then 1 end) as followed_episodes,
        count(case when not is_complete and is_followed then 1 end) as censored_followed_episodes
    from warnings_backtest.episode
    group by kind, code
),

month_figure as (
    select
        flag.kind,
        flag.code,
        count(*) as flagged_months,
        count(case when client_month.is_complete then 1 end) as complete_flagged_months,
        count(case when client_month.is_complete and not client_month.is_followed then 1 end) as false_months
    from warnings_backtest.flag as flag
    inner join warnings_backtest.client_month as client_month
        on flag.client_id = client_month.client_id and flag.night = client_month.night
    group by flag.kind, flag.code
),

figure as (
    select
        measure.kind,
        measure.code,
        coalesce(event_figure.events, 0) as events,
        coalesce(event_figure.hits, 0) as hits,
        coalesce(event_figure.marginal_hits, 0) as marginal_hits,
        coalesce(event_figure.detected, 0) as detected,
        coalesce(event_figure.left_out, 0) as left_out,
        coalesce(event_figure.early, 0) as early,
        event_figure.lead_p25_days,
        event_figure.lead_median_days,
        event_figure.lead_p75_days,
        coalesce(event_figure.with_visible_day, 0) as with_visible_day,
        coalesce(event_figure.before_visible, 0) as before_visible,
        event_figure.delay_median_days,
        coalesce(episode_figure.episodes, 0) as episodes,
        coalesce(episode_figure.complete_episodes, 0) as complete_episodes,
        coalesce(episode_figure.followed_episodes, 0) as followed_episodes,
        coalesce(episode_figure.episodes - episode_figure.complete_episodes, 0) as censored_episodes,
        coalesce(episode_figure.censored_followed_episodes, 0) as censored_followed_episodes,
        coalesce(month_figure.flagged_months, 0) as flagged_months,
        coalesce(month_figure.flagged_months - month_figure.complete_flagged_months, 0) as censored_months,
        coalesce(month_figure.false_months, 0) as false_months,
        population.complete_months - population.followed_months as quiet_months,
        population.complete_months,
        population.followed_months
    from warnings_backtest.measure as measure
    cross join warnings_backtest.population as population
    left join event_figure on measure.kind = event_figure.kind and measure.code = event_figure.code
    left join episode_figure on measure.kind = episode_figure.kind and measure.code = episode_figure.code
    left join month_figure on measure.kind = month_figure.kind and measure.code = month_figure.code
),

measure_figure as (
    select
        figure.*,
        case
            when figure.kind <> 'indicator' then cast(null as varchar)
            when figure.flagged_months = 0 then 'never_fired'
            when figure.marginal_hits > 0 then 'helps'
            when figure.complete_episodes = 0 then 'not_known'
            when
                figure.followed_episodes > 0
                and figure.followed_episodes * figure.complete_months
                >= setting.useful_lift * figure.followed_months * figure.complete_episodes
                then 'helps'
            -- of few episodes none may have been right by chance
            when figure.complete_episodes < setting.least_episodes then 'not_known'
            else 'no_help'
        end as use
    from figure
    cross join setting
)

select * from measure_figure
