-- one row per client that cannot be called well by itself, and whether that is since something that stood is unseen
{% import 'macros/standing.sql' as stood %}
with
standing as (
    select * from warnings_verdict.standing
),

rule as (
    select * from policy.indicator
    where counts_for_colour and not is_contagion
),

reading as (
    select * from warnings_verdict.reading
),

withheld as (
    select * from warnings_verdict.withheld
),

-- what stood and can no longer be assessed has not gone, and of what is withheld nobody knows what it would say
unseen as (
    select standing.client_id
    from standing
    inner join rule on standing.indicator = rule.indicator
    left join reading on standing.client_id = reading.client_id and standing.indicator = reading.indicator
    left join withheld on standing.client_id = withheld.client_id and standing.indicator = withheld.rule
    where
        {{ stood.is_suspended() }}
    union
    select client_id
    from warnings_verdict.withheld_client
    where has_row
    union
    select client_id
    from reading
    where is_withheld
    union
    select client_id
    from warnings_verdict.client_floor
    where is_withheld
),

-- nor is that green of which a must was never seen, however much else is assessed; nor is it known to be well of whom
-- it is not known whether anything is at risk
unknown as (
    select client_id
    from warnings_verdict.no_credit
    where not is_known
    union
    select reading.client_id
    from reading
    inner join rule on reading.indicator = rule.indicator
    where not reading.is_assessed and rule.must_for = 'green'
),

every as (
    select
        client_id,
        true as is_unseen
    from unseen
    union all
    select
        client_id,
        false as is_unseen
    from unknown
),

blind as (
    select
        client_id,
        count(case when is_unseen then 1 end) > 0 as is_unseen
    from every
    group by client_id
)

select * from blind
