-- one row per branch and group contact (a salon) of the last months: its day, who held it, and how many clients came;
-- it is told, and stands in for no contact with one client
with
setting as (
    select cast(max(case when setting = 'contact_history_months' then value end) as integer) as history_months
    from policy.task_setting
),

met as (
    select
        client.branch_id,
        contact.client_id,
        contact.staff_id,
        contact.occurred_on,
        case when tier.level > 0 then 1 else 0 end as is_tiered
    from staging.contact as contact
    inner join policy.contact_kind as contact_kind on contact.kind = contact_kind.kind
    inner join staging.client as client on contact.client_id = client.client_id
    cross join setting
    left join tiers.client_tier as client_tier on contact.client_id = client_tier.client_id
    left join policy.tier as tier on client_tier.tier = tier.tier
    where
        not contact_kind.is_personal
        and date_diff('day', contact.occurred_on, $business_date) <= 31 * setting.history_months
),

held as (
    select
        branch_id,
        staff_id,
        occurred_on,
        cast(count(distinct client_id) as integer) as client_count,
        cast(count(distinct case when is_tiered = 1 then client_id end) as integer) as tiered_count
    from met
    group by branch_id, staff_id, occurred_on
)

select * from held
