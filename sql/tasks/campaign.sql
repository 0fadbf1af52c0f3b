-- one row per campaign and client that was drawn for it: its arm, and what became of it by the business date
-- Drawn once, on the first night from the campaign's start on; the arm is a hash of campaign and client.
{% import 'macros/card_code.sql' as hash %}
with
rule as (
    select
        campaign,
        product,
        client_kind,
        starts_on,
        ends_on,
        cast(starts_on + outcome_days * interval '1' day as date) as outcome_until,
        hold_out_pct
    from staging.campaign_plan
    where starts_on <= $business_date
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

drawn_before as (
    select
        campaign,
        client_id,
        branch_id,
        drawn_on
    from previous.campaign
),

-- whoever already had the product when the campaign began has nothing to be offered
had as (
    select
        rule.campaign,
        holding.client_id
    from rule
    inner join staging.product_holding as holding on rule.product = holding.product
    where holding.since is null or holding.since < rule.starts_on
),

fresh as (
    select
        rule.campaign,
        client.client_id,
        client.branch_id,
        $business_date as drawn_on
    from rule
    inner join client
        on rule.client_kind = client.client_kind and rule.starts_on > client.onboard_date and client.is_active
    cross join supplied
    left join (select distinct campaign from drawn_before) as known on rule.campaign = known.campaign
    left join had on rule.campaign = had.campaign and client.client_id = had.client_id
    where
        known.campaign is null
        and had.client_id is null
        and client.marketing_consent
        and supplied.is_holding_known
),

member as (
    select * from drawn_before
    union all
    select * from fresh
),

hashed as (
    select
        member.*,
        md5(member.campaign || '|' || member.client_id) as digest
    from member
),

numbered as (
    select
        hashed.campaign,
        hashed.client_id,
        hashed.branch_id,
        hashed.drawn_on,
        {{ hash.number('hashed.digest') }} % 10000 as draw
    from hashed
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
        numbered.campaign,
        numbered.client_id,
        coalesce(client.branch_id, numbered.branch_id) as branch_id,
        rule.product,
        case when numbered.draw < rule.hold_out_pct * 100 then 'hold_out' else 'treatment' end as arm,
        cast(numbered.draw as integer) as draw,
        numbered.drawn_on,
        numbered.drawn_on > rule.starts_on as is_reconstructed,
        rule.starts_on,
        rule.ends_on,
        rule.outcome_until,
        offered.offered_on,
        offered.outcome as offer_outcome,
        bought.bought_on,
        -- whether it buys is known for good once the time to buy is over
        case
            when bought.bought_on is not null then true
            when $business_date > rule.outcome_until and supplied.is_holding_known and supplied.is_offer_known
                then false
        end as has_bought
    from numbered
    inner join rule on numbered.campaign = rule.campaign
    cross join supplied
    left join client on numbered.client_id = client.client_id
    left join offered
        on numbered.campaign = offered.campaign and numbered.client_id = offered.client_id and offered.place = 1
    left join bought on numbered.campaign = bought.campaign and numbered.client_id = bought.client_id
)

select * from told
