-- one row per client of a group or with links of control: X12, how many of its group are red by themselves
{% import 'macros/indicator.sql' as indicator %}
with
rule as (
    select * from policy.indicator
    where indicator = 'X12'
),

-- of one group by the register, or one controls the other, or both are said to be of one group; itself is no other
linked as (
    select
        one.client_id,
        other.client_id as other_id
    from staging.client as one
    inner join staging.client as other on one.group_id = other.group_id
    union
    select
        client_id,
        other_client_id as other_id
    from source.client_link
    where
        kind in ('controls', 'same_group')
        and coalesce(valid_from <= $business_date, true)
        and coalesce(valid_to > $business_date, true)
    union
    select
        other_client_id as client_id,
        client_id as other_id
    from source.client_link
    where
        kind in ('controls', 'same_group')
        and coalesce(valid_from <= $business_date, true)
        and coalesce(valid_to > $business_date, true)
),

client as (
    select
        client_id,
        branch_id
    from staging.client
),

-- whose group it is concerns only whom the bank has lent to; a branch is not told the name of another one's client
member as (
    select
        linked.client_id,
        linked.other_id,
        coalesce(own.branch_id, '') = coalesce(other.branch_id, '') as is_own_branch,
        base.colour,
        -- who is not red but may be is unknown
        base.colour <> 'red' and (base.colour = 'not_assessed' or coalesce(base.is_unseen, true)) as is_unknown
    from linked
    inner join features_outside.subject as subject on linked.client_id = subject.client_id
    inner join warnings_verdict.base_colour as base on linked.other_id = base.client_id
    left join client as own on linked.client_id = own.client_id
    left join client as other on linked.other_id = other.client_id
    where linked.client_id <> linked.other_id
),

counted as (
    select
        client_id,
        count(*) as members,
        sum(case when colour = 'red' then 1 else 0 end) as red_count,
        sum(case when is_unknown then 1 else 0 end) as unknown_count,
        min(case when colour = 'red' then other_id end) as red_id,
        min(case when colour = 'red' and is_own_branch then other_id end) as told_id
    from member
    group by client_id
),

measured as (
    select
        client_id,
        cast(null as varchar) as loan_id,
        cast(null as varchar) as project_id,
        unknown_count = 0 as is_assessed,
        red_count as value,
        members as baseline,
        unknown_count as second_value,
        $business_date as data_date,
        'client:' || coalesce(red_id, client_id) as source_keys,
        case when red_count = 1 then 'client:' || red_id end as event_key,
        case when red_count > 0 then coalesce(told_id, 'elsewhere') end as told_id
    from counted
),

{{ indicator.judge(
    event_key='measured.event_key',
    detail='measured.told_id',
    unread_case="'members_not_known'"
) }}

select * from worst
