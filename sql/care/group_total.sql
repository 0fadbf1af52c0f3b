-- one row per group of clients: what it owes, may draw and holds, each client and so each loan counted once
with
member as (
    select * from care_ecosystem.member
),

link_table as (
    select count(*) > 0 as is_supplied
    from night.supplied
    where table_name = 'client_link' and is_supplied
),

colour as (
    select
        warning.client_id,
        warning.colour,
        colour.rank
    from warnings.warning as warning
    inner join policy.colour as colour on warning.colour = colour.colour
),

counted as (
    select
        member.*,
        coalesce(exposure.exposure_amt, 0) as exposure_amt,
        coalesce(exposure.outstanding_amt, 0) as outstanding_amt,
        coalesce(exposure.outstanding_amt, 0) + coalesce(exposure.undrawn_amt, 0) as limit_amt,
        coalesce(exposure.overdue_amt, 0) as overdue_amt,
        exposure.client_id is null or exposure.overdue_amt is not null as is_overdue_known,
        coalesce(exposure.is_assessed, true) as is_exposure_known,
        coalesce(balance.avg_30d_amt, 0) as deposits_amt,
        coalesce(balance.is_assessed, true) as is_deposit_known,
        colour.rank as colour_rank
    from member
    left join features.client_exposure as exposure on member.client_id = exposure.client_id
    left join features.client_balance as balance on member.client_id = balance.client_id
    left join colour on member.client_id = colour.client_id
),

-- what members guarantee for each other is owed by them already: told, and added to nothing
guaranteed as (
    select
        one.group_id,
        sum(case when other.group_id = one.group_id then guaranteed.amount end) as inside_amt,
        sum(case when coalesce(other.group_id <> one.group_id, true) then guaranteed.amount end) as outside_amt
    from care_ecosystem.guaranteed as guaranteed
    inner join member as one on guaranteed.guarantor_id = one.client_id
    left join member as other on guaranteed.debtor_id = other.client_id
    group by one.group_id
),

-- a circle is named whole, of whichever groups its clients count
circle as (
    select
        circle_id,
        string_agg(client_id, ', ' order by client_id) as members,
        count(*) as member_count
    from care_ecosystem.control_circle
    where circle_id is not null
    group by circle_id
),

in_group as (
    select distinct
        group_id,
        circle_id
    from member
    where circle_id is not null and (is_on_circle or told_by = 'circle')
),

circled as (
    select
        in_group.group_id,
        string_agg(circle.members, '; ' order by circle.members) as circle_members,
        max(circle.member_count) as member_count
    from in_group
    inner join circle on in_group.circle_id = circle.circle_id
    group by in_group.group_id
),

summed as (
    select
        group_id,
        case
            when min(case when told_by = 'register' then 1 end) = 1 then 'register'
            when min(case when told_by = 'control' then 1 end) = 1 then 'control'
            when min(case when told_by = 'link' then 1 end) = 1 then 'link'
            else 'circle'
        end as told_by,
        coalesce(min(carrier_client_id), min(client_id)) as lead_client_id,
        cast(count(*) as integer) as client_count,
        cast(count(distinct branch_id) as integer) as branch_count,
        sum(exposure_amt) as exposure_amt,
        sum(outstanding_amt) as outstanding_amt,
        sum(limit_amt) as limit_amt,
        case
            when min(case when is_overdue_known then 1 else 0 end) = 1 or sum(overdue_amt) > 0 then sum(overdue_amt)
        end as overdue_amt,
        sum(deposits_amt) as deposits_amt,
        max(colour_rank) as colour_rank,
        cast(sum(case when is_in_several then 1 else 0 end) as integer) as in_several_count,
        max(case when is_longer then 1 else 0 end) as longer_count,
        min(case when is_exposure_known then 1 else 0 end) as known_exposure,
        min(case when is_deposit_known then 1 else 0 end) as known_deposit
    from counted
    group by group_id
    having count(*) > 1 or max(case when is_on_circle then 1 else 0 end) = 1
),

told as (
    select
        $business_date as business_date,
        summed.group_id,
        summed.told_by,
        summed.lead_client_id,
        summed.client_count,
        summed.branch_count,
        cast(summed.exposure_amt as decimal(38, 2)) as exposure_amt,
        cast(summed.outstanding_amt as decimal(38, 2)) as outstanding_amt,
        cast(summed.limit_amt as decimal(38, 2)) as limit_amt,
        cast(summed.overdue_amt as decimal(38, 2)) as overdue_amt,
        cast(summed.deposits_amt as decimal(38, 2)) as deposits_amt,
        cast(guaranteed.inside_amt as decimal(38, 2)) as guaranteed_inside_amt,
        cast(guaranteed.outside_amt as decimal(38, 2)) as guaranteed_outside_amt,
        colour.colour as worst_colour,
        summed.in_several_count,
        case
            when summed.longer_count = 1 then 'longer'
            when circled.member_count > 1 then 'circular'
            when circled.member_count = 1 then 'of_itself'
        end as control_issue,
        circled.circle_members,
        summed.known_exposure = 1 and summed.known_deposit = 1 and link_table.is_supplied as is_assessed,
        case
            when not link_table.is_supplied then 'links_not_supplied'
            when summed.known_exposure = 0 or summed.known_deposit = 0 then 'no_rate'
        end as reason
    from summed
    cross join link_table
    left join guaranteed on summed.group_id = guaranteed.group_id
    left join circled on summed.group_id = circled.group_id
    left join policy.colour as colour on summed.colour_rank = colour.rank
)

select * from told
