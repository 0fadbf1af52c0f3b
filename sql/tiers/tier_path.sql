-- one row per client that is just below the next tier: the cheapest single lever that lifts it, or why there is none
with
aim as (
    select * from tiers_path.aim
),

-- the month that is judged next comes first, then what it costs
ordered as (
    select
        lever.*,
        row_number() over (
            partition by lever.client_id
            order by lever.by_on asc, lever.cost_amt asc, lever.lever asc
        ) as place
    from tiers_path.lever as lever
),

listed as (
    select
        $business_date as business_date,
        aim.client_id,
        aim.branch_id,
        aim.sponsor_group_id,
        aim.tier,
        aim.target_tier,
        case when lever.lever_amt = 0 then null else lever.lever end as lever,
        nullif(lever.lever_amt, 0) as lever_amt,
        lever.lever_count,
        lever.now_amt,
        lever.now_amt + coalesce(lever.lever_amt, lever.lever_count) as needed_amt,
        lever.by_on,
        lever.evaluated_on,
        lever.cost_amt,
        case
            when aim.reason is not null then aim.reason
            when lever.client_id is null then 'no_single_lever'
            -- nothing more is needed if all stays as it is
            when lever.lever_amt = 0 then 'on_course'
        end as reason
    from aim
    left join ordered as lever on aim.client_id = lever.client_id and lever.place = 1
)

select * from listed
