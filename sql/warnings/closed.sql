-- one row per episode that closed tonight because it was clear for as long as it has to be, and that a list had told
{% import 'macros/words.sql' as words %}
with
episode as (
    select * from warnings.episode
    where closed_on = $business_date and closed_because = 'cleared' and told_because = 'closed'
),

rule as (
    select * from policy.indicator_text
),

wording as (
    select * from policy.indicator_reason
    where reason_case = 'closed' and indicator = '*'
),

closed as (
    select
        $business_date as business_date,
        episode.client_id,
        episode.branch_id,
        episode.loan_id,
        episode.project_id,
        episode.indicator,
        episode.severity,
        episode.opened_on as first_seen,
        episode.last_seen,
        episode.audience,
        wording.reason_zh,
        wording.reason_en,
        {{ words.figures({
            'name_zh': 'coalesce(rule.name_zh, episode.indicator)',
            'name_en': 'coalesce(rule.name_en, episode.indicator)',
            'of_zh': "coalesce('(' || coalesce(episode.loan_id, episode.project_id) || ')', '')",
            'of_en': "coalesce(' (' || coalesce(episode.loan_id, episode.project_id) || ')', '')",
            'opened': 'episode.opened_on',
            'last_seen': 'episode.last_seen',
        }) }} as figures
    from episode
    cross join wording
    left join rule on episode.indicator = rule.indicator
)

select * from closed
