-- one row per client and stretch of nights over which its score and colour stayed what they were, of the last 12 months
{% import 'macros/month.sql' as months %}
with
before as (
    select
        client_id,
        first_night,
        last_night,
        score,
        colour
    from previous.score_history
    where last_night >= {{ months.first_day('$business_date', -12) }}
),

warning as (
    select
        client_id,
        score,
        colour
    from warnings.warning
),

-- a night that was not run ends a stretch: nobody knows what it would have said
joined as (
    select
        before.client_id,
        before.first_night
    from before
    inner join warning
        on
            before.client_id = warning.client_id
            and before.score = warning.score
            and before.colour = warning.colour
    where before.last_night = $business_date - 1
),

told as (
    select
        warning.client_id,
        coalesce(joined.first_night, $business_date) as first_night,
        $business_date as last_night,
        warning.score,
        warning.colour
    from warning
    left join joined on warning.client_id = joined.client_id
    union all
    select
        before.client_id,
        before.first_night,
        before.last_night,
        before.score,
        before.colour
    from before
    left join joined on before.client_id = joined.client_id and before.first_night = joined.first_night
    where joined.client_id is null
),

listed as (
    select
        $business_date as business_date,
        client_id,
        first_night,
        last_night,
        score,
        colour
    from told
)

select * from listed
