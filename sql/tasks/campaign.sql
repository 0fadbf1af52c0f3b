-- one row per campaign and client that was drawn for it: its arm, and what became of it by the business date
-- Drawn once, on the first night from the campaign's start on; the arm is a hash of campaign and client. A plan that is
-- changed or gone afterwards moves nobody: it says no more than how it is called, and until when it offers.
{% import 'macros/card_code.sql' as hash %}
with
plan as (
    select
        campaign,
        name_zh,
        name_en,
        product,
        client_kind,
        starts_on,
        ends_on,
        cast(starts_on + outcome_days * interval '1' day as date) as outcome_until,
        hold_out_pct
    from staging.campaign_plan
),

-- what an older night did not keep is told by the plan
drawn_before as (
    select
        held.campaign,
        coalesce(plan.name_zh, held.name_zh, held.campaign) as name_zh,
        coalesce(plan.name_en, held.name_en, held.campaign) as name_en,
        held.client_id,
        held.branch_id,
        held.product,
        held.arm,
        held.draw,
        held.drawn_on,
        held.is_reconstructed,
        held.starts_on,
        coalesce(plan.ends_on, held.ends_on) as ends_on,
        held.outcome_until,
        coalesce(held.hold_out_pct, plan.hold_out_pct) as hold_out_pct
    from previous.campaign as held
    left join plan on held.campaign = plan.campaign
),

known as (
    select distinct campaign
    from drawn_before
),

starting as (
    select plan.*
    from plan
    left join known on plan.campaign = known.campaign
    where plan.starts_on <= $business_date and known.campaign is null
),

client as (
    select
        client_id,
        branch_id,
        client_kind,
        onboard_date,
        is_active,
        marketing_consent
    from staging.client
),

supplied as (
    select
        max(case when table_name = 'product_holding' then 1 else 0 end) = 1 as is_holding_known,
        max(case when table_name = 'offer' then 1 else 0 end) = 1 as is_offer_known
    from night.supplied
    where is_supplied
),

-- whoever already had the product when the campaign began has nothing to be offered
had as (
    select
        starting.campaign,
        holding.client_id
    from starting
    inner join staging.product_holding as holding on starting.product = holding.product
    where holding.since is null or holding.since < starting.starts_on
),

fresh as (
    select
        starting.*,
        client.client_id,
        client.branch_id,
        md5(starting.campaign || '|' || client.client_id) as digest
    from starting
    inner join client
        on starting.client_kind = client.client_kind and starting.starts_on > client.onboard_date and client.is_active
    cross join supplied
    left join had on starting.campaign = had.campaign and client.client_id = had.client_id
    where
        had.client_id is null
        and client.marketing_consent
        and supplied.is_holding_known
),

numbered as (
    select
        fresh.*,
        {{ hash.number('fresh.digest') }} % 10000 as draw
    from fresh
),

member as (
    select * from drawn_before
    union all
    select
        campaign,
        name_zh,
        name_en,
        client_id,
        branch_id,
        product,
        case when draw < hold_out_pct * 100 then 'hold_out' else 'treatment' end as arm,
        cast(draw as integer) as draw,
        cast($business_date as date) as drawn_on,
        $business_date > starts_on as is_reconstructed,
        starts_on,
        ends_on,
        outcome_until,
        hold_out_pct
    from numbered
),

rule as (
    select distinct
        campaign,
        product,
        starts_on,
        ends_on,
        outcome_until
    from member
),

-- the first offer while the campaign runs
offered as (
    select
        rule.campaign,
        offer.client_id,
        offer.outcome,
        offer.offered_on,
        row_number() over (
            partition by rule.campaign, offer.client_id order by offer.offered_on asc, offer.offer_id asc
        ) as place
    from rule
    inner join staging.offer as offer
        on rule.product = offer.product and offer.offered_on between rule.starts_on and rule.ends_on
),

-- bought is what it uses since then, or the offer that it accepted
bought_some_day as (
    select
        rule.campaign,
        holding.client_id,
        holding.since as bought_on
    from rule
    inner join staging.product_holding as holding on rule.product = holding.product
    where holding.since between rule.starts_on and rule.outcome_until
    union all
    select
        rule.campaign,
        offer.client_id,
        offer.outcome_on as bought_on
    from rule
    inner join staging.offer as offer on rule.product = offer.product
    where
        offer.outcome = 'accepted'
        and offer.offered_on >= rule.starts_on
        and offer.outcome_on between rule.starts_on and rule.outcome_until
),

bought as (
    select
        campaign,
        client_id,
        min(bought_on) as bought_on
    from bought_some_day
    group by campaign, client_id
),

told as (
    select
        $business_date as business_date,
        member.campaign,
        member.name_zh,
        member.name_en,
        member.client_id,
        coalesce(client.branch_id, member.branch_id) as branch_id,
        member.product,
        member.arm,
        member.draw,
        member.drawn_on,
        member.is_reconstructed,
        member.starts_on,
        member.ends_on,
        member.outcome_until,
        member.hold_out_pct,
        offered.offered_on,
        offered.outcome as offer_outcome,
        bought.bought_on,
        -- whether it buys is known for good once the time to buy is over
        case
            when bought.bought_on is not null then true
            when $business_date > member.outcome_until and supplied.is_holding_known and supplied.is_offer_known
                then false
        end as has_bought
    from member
    cross join supplied
    left join client on member.client_id = client.client_id
    left join offered
        on member.campaign = offered.campaign and member.client_id = offered.client_id and offered.place = 1
    left join bought on member.campaign = bought.campaign and member.client_id = bought.client_id
)

select * from told
