-- one row per client without credit whose inflow or balance falls: funds leaving, told by the fall of the most money
{% import 'macros/candidate.sql' as candidate %}
{% import 'macros/words.sql' as words %}
with
setting as (
    select
        max(case when setting = 'funds_leaving_amt' then value end) as least_amt,
        max(case when setting = 'funds_leaving_level' then value end) as least_level
    from policy.task_setting
),

rule as (
    select * from policy.indicator
),

no_credit as (
    select client_id from warnings.warning
    where colour = 'no_credit'
),

placed as (
    select
        client_tier.client_id,
        tier.level
    from tiers.client_tier as client_tier
    inner join policy.tier as tier on client_tier.tier = tier.tier
),

-- of inflows per day it is the money of the days that they are the rate of
fallen as (
    select
        signal.client_id,
        signal.indicator,
        signal.started_on as begun_on,
        signal.value,
        signal.baseline,
        signal.second_value,
        signal.data_date,
        cast(
            (signal.baseline - signal.second_value)
            * case when signal.indicator = 'T01' then 1 else rule.window_days end
            as decimal(18, 2)
        ) as fall_amt
    from tasks_listing.told_signal as signal
    inner join no_credit on signal.client_id = no_credit.client_id
    inner join rule on signal.indicator = rule.indicator
    where signal.indicator in ('T01', 'T02', 'T03') and signal.severity in ('amber', 'red')
),

worst_first as (
    select
        *,
        row_number() over (partition by client_id order by fall_amt desc nulls last, indicator asc) as place
    from fallen
),

begun as (
    select
        client_id,
        min(begun_on) as begun_on
    from fallen
    group by client_id
),

-- it is one task as long as anything falls
standing as (
    select
        client_id,
        min(started_on) as started_on
    from previous.task
    where kind = 'funds_leaving'
    group by client_id
),

concerned as (
    select
        worst_first.*,
        coalesce(standing.started_on, begun.begun_on) as started_on
    from worst_first
    cross join setting
    inner join begun on worst_first.client_id = begun.client_id
    left join placed on worst_first.client_id = placed.client_id
    left join standing on worst_first.client_id = standing.client_id
    where
        worst_first.place = 1
        and (placed.level >= setting.least_level or worst_first.fall_amt >= setting.least_amt)
),

listed as (
    select
        concerned.client_id,
        'funds_leaving' as kind,
        'funds' as subject,
        concerned.started_on,
        concerned.started_on as clock_from,
        special_contact.sla_days,
        concerned.indicator,
        {{ candidate.lacking('clock_from', 'sla_days', 'indicator', 'figures') }},
        task_text.reason_zh,
        task_text.reason_en,
        task_text.next_step_zh,
        task_text.next_step_en,
        {{ words.figures({
            'now': 'concerned.second_value',
            'before': 'concerned.baseline',
            'fall': 'concerned.value',
            'data_date': 'concerned.data_date',
        }) }} as figures
    from concerned
    inner join policy.special_contact as special_contact on special_contact.event = 'funds_leaving'
    inner join policy.task_text as task_text on task_text.text = 'funds_leaving_' || lower(concerned.indicator)
)

select * from listed
