-- one row per person and measure: what it came to, what it was to come to, and its score; why there is none
with
quarter as (
    select * from tasks_scorecard.quarter
),

setting as (
    select
        max(case when setting = 'most_score' then value end) as most_score,
        max(case when setting = 'shrink_answers' then value end) as shrink_answers,
        max(case when setting = 'least_count' then value end) as least_count
    from policy.scorecard_setting
),

summed as (
    select
        staff_id,
        measure,
        sum(counted) as counted,
        sum(out_of) as out_of,
        cast(sum(case when out_of <> 0 then 1 else 0 end) as integer) as n,
        max(case when outcome = 'not_known' then 1 else 0 end) as not_known
    from tasks_scorecard.item
    group by staff_id, measure
),

-- what a few answers are drawn to: the mean of the branch
branch_mean as (
    select
        branch_id,
        measure,
        cast(sum(counted) / nullif(sum(out_of), 0) as decimal(18, 2)) as mean
    from tasks_scorecard.item
    group by branch_id, measure
),

client as (
    select
        staff_id,
        count(*) as clients
    from tasks_scorecard.owned_days
    group by staff_id
),

-- of what nights saw (policy is_seen_by_nights) nothing is known in a quarter that none saw: what nights deduct would
-- be full marks, and a share of what they remember would be of the few tasks that outlived the quarter
night as (
    select
        coalesce(
            sum(case when owner.business_date between quarter.first_day and quarter.last_day then 1 end), 0
        ) as seen
    from history.client_owner as owner
    cross join quarter
),

target as (
    select
        staff_id,
        measure,
        target.target_value
    from source.target as target
    inner join quarter on target.quarter = quarter.quarter
),

supplied as (
    select table_name
    from night.supplied
    where is_supplied
),

asked as (
    select
        person.branch_id,
        person.staff_id,
        rule.measure,
        rule.place,
        rule.weight,
        rule.aggregate,
        rule.is_seen_by_nights,
        rule.unit,
        cast(coalesce(target.target_value, rule.default_target) as decimal(18, 2)) as target,
        coalesce(summed.n, 0) as n,
        coalesce(summed.counted, 0) as counted,
        coalesce(summed.out_of, 0) as out_of,
        coalesce(summed.not_known, 0) = 1 as is_not_known,
        -- a violation that was found needs no table to rest on
        rule.aggregate = 'none_allowed' and coalesce(summed.counted, 0) > 0 as is_violated,
        branch_mean.mean as prior,
        rule.requires is null or supplied.table_name is not null as is_supplied,
        coalesce(client.clients, 0) as clients,
        night.seen as nights_seen
    from tasks_scorecard.person as person
    cross join night
    inner join policy.scorecard_measure as rule on person.role = rule.role
    left join target on person.staff_id = target.staff_id and rule.measure = target.measure
    left join summed on person.staff_id = summed.staff_id and rule.measure = summed.measure
    left join branch_mean on person.branch_id = branch_mean.branch_id and rule.measure = branch_mean.measure
    left join supplied on rule.requires = supplied.table_name
    left join client on person.staff_id = client.staff_id
),

reasoned as (
    select
        asked.*,
        case
            when not is_supplied and not is_violated then 'not_supplied'
            when aggregate = 'none_allowed' and is_not_known and not is_violated then 'not_known'
            when is_seen_by_nights and nights_seen = 0 then 'no_nights'
            when aggregate = 'deduction' and n = 0 and clients = 0 then 'no_clients'
            when aggregate <> 'deduction' and n = 0 then 'no_rows'
            -- what is drawn to the branch's mean needs no least number
            when aggregate = 'ratio' and n < setting.least_count then 'few_rows'
            when target is null then 'no_target'
            when target <= 0 then 'target_not_positive'
        end as not_assessed
    from asked
    cross join setting
),

reckoned as (
    select
        reasoned.*,
        case
            when not_assessed in ('not_supplied', 'not_known', 'no_rows', 'few_rows', 'no_nights', 'no_clients')
                then null
            when aggregate = 'ratio' then cast(100 * counted / nullif(out_of, 0) as decimal(18, 2))
            when aggregate = 'shrunk_mean'
                then cast(
                    (counted + setting.shrink_answers * reasoned.prior) / nullif(n + setting.shrink_answers, 0)
                    as decimal(18, 2)
                )
            when aggregate = 'sum' then cast(counted as decimal(18, 2))
            when aggregate = 'deduction' then cast(100 - counted as decimal(18, 2))
            when counted = 0 then cast(100 as decimal(18, 2))
            else cast(0 as decimal(18, 2))
        end as actual,
        setting.most_score
    from reasoned
    cross join setting
),

-- from the figures as they are printed, so that anybody gets the same
scored as (
    select
        branch_id,
        staff_id,
        quarter.quarter,
        measure,
        place,
        weight,
        aggregate,
        unit,
        actual,
        target,
        case
            when not_assessed is null
                then cast(
                    least(greatest(cast(100 * actual / nullif(target, 0) as decimal(18, 6)), 0), most_score)
                    as decimal(9, 2)
                )
        end as score,
        n,
        counted,
        out_of,
        prior,
        not_assessed
    from reckoned
    cross join quarter
),

measure as (
    select
        scored.*,
        cast(weight * score / 100 as decimal(9, 2)) as points
    from scored
)

select * from measure
