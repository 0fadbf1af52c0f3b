-- one row per client that a single lever lifts into a tier worth a task, at the next evaluation or the one after it
{% import 'macros/candidate.sql' as candidate %}
{% import 'macros/words.sql' as words %}
with
setting as (
    select max(case when setting = 'tier_path_level' then value end) as least_level
    from policy.task_setting
),

-- a tier given by hand that is as high already leaves nothing to do
open_path as (
    select
        path.*,
        cast(date_trunc('month', $morning) as date) as started_on
    from tiers.tier_path as path
    cross join setting
    inner join policy.tier as target on path.target_tier = target.tier
    inner join policy.tier as standing on path.tier = standing.tier
    where
        path.lever is not null
        and target.level >= setting.least_level
        and standing.level < target.level
),

listed as (
    select
        open_path.client_id,
        'tier_path' as kind,
        open_path.target_tier || '/' || open_path.lever as subject,
        open_path.started_on,
        open_path.by_on as due_on,
        {{ candidate.lacking('due_on', 'figures') }},
        task_text.reason_zh,
        task_text.reason_en,
        task_text.next_step_zh,
        task_text.next_step_en,
        {{ words.figures({
            'target': 'open_path.target_tier',
            'amount': 'open_path.lever_amt',
            'count': 'open_path.lever_count',
            'now': 'open_path.now_amt',
            'date': 'open_path.by_on',
            'evaluated': 'open_path.evaluated_on',
        }) }} as figures
    from open_path
    inner join policy.task_text as task_text on task_text.text = 'tier_path_' || open_path.lever
)

select * from listed
