-- one row per observation made up to the business date: what it counts as, and until when it stands
-- What a person wrote about it is not kept: who may read it asks for it (explain).
with
setting as (
    select cast(max(case when setting = 'observation_days' then value end) as integer) as most_days
    from policy.signal_setting
),

client as (
    select
        client_id,
        branch_id
    from staging.client
),

observed as (
    select
        observation.observation_id,
        observation.client_id,
        observation.project_id,
        lower(trim(observation.code)) as code,
        observation.severity,
        observation.observed_on,
        observation.staff_id,
        observation.checker_id,
        observation.note is not null as has_note,
        least(
            coalesce(observation.expires_on, observation.observed_on + setting.most_days),
            observation.observed_on + setting.most_days
        ) as stands_until
    from source.observation as observation
    cross join setting
    where
        observation.observed_on <= $business_date
        and date_diff('day', observation.observed_on, $business_date) <= setting.most_days + 365
),

observation as (
    select
        $business_date as business_date,
        observed.client_id,
        client.branch_id,
        observed.observation_id,
        observed.project_id,
        -- a code that policy lists no more may have been a suspicion: it is for risk alone
        coalesce(code.indicator, 'O02') as indicator,
        observed.code,
        observed.severity,
        case
            when
                observed.severity = 'red'
                and (
                    coalesce(code.allows_unchecked_red, false)
                    or coalesce(observed.checker_id <> observed.staff_id, false)
                )
                then 'red'
            else 'amber'
        end as counted_severity,
        observed.observed_on,
        cast(observed.stands_until as date) as stands_until,
        observed.stands_until >= $business_date as is_standing,
        observed.staff_id,
        observed.checker_id,
        observed.has_note
    from observed
    inner join client on observed.client_id = client.client_id
    left join policy.observation_code as code on observed.code = code.code
)

select * from observation
