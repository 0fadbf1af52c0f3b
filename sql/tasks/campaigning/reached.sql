-- one row per client that a running campaign may offer its product to tonight, and per one that it may not yet, or of
-- which that cannot be judged: why
with
member as (
    select
        campaign,
        name_zh,
        name_en,
        client_id,
        branch_id,
        product,
        offered_on,
        offer_outcome,
        bought_on
    from tasks.campaign
    where arm = 'treatment' and $business_date between starts_on and ends_on
),

-- what speaks for it is told where the night has said so; what stands against it holds without that
against as (
    select
        suppression.client_id,
        suppression.product,
        suppression.rule,
        row_number() over (
            partition by suppression.client_id, coalesce(suppression.product, '')
            order by offer_rule.priority asc, suppression.rule asc
        ) as place
    from tasks_offer.suppression as suppression
    inner join policy.offer_rule as offer_rule on suppression.rule = offer_rule.rule
),

told as (
    select
        member.campaign,
        member.name_zh as campaign_zh,
        member.name_en as campaign_en,
        member.branch_id,
        member.client_id,
        client.name,
        client.short_name,
        client.is_natural_person,
        member.product,
        owner.owner_id,
        client_tier.tier,
        warning.colour,
        member.offered_on,
        member.offer_outcome,
        member.bought_on,
        coalesce(own.rule, whole.rule) as suppressed_by,
        unknown_part.not_assessed,
        advice.score,
        advice.why_zh,
        advice.why_en
    from member
    inner join staging.client as client on member.client_id = client.client_id
    left join tasks.client_owner as owner on member.client_id = owner.client_id
    left join tiers.client_tier as client_tier on member.client_id = client_tier.client_id
    left join warnings.warning as warning on member.client_id = warning.client_id
    left join tasks.offer_advice as advice
        on member.client_id = advice.client_id and member.product = advice.product
    left join tasks_offer.unknown_part as unknown_part on member.client_id = unknown_part.client_id
    left join against as whole on member.client_id = whole.client_id and whole.product is null and whole.place = 1
    left join against as own
        on member.client_id = own.client_id and member.product = own.product and own.place = 1
    where client.is_active
)

select * from told
