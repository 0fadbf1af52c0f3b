-- one row per active client and product that something speaks for: the rule's score, what it is worth on the list, and
-- what stands against it
{% import 'macros/offer.sql' as rule %}
{% import 'macros/words.sql' as words %}
with
setting as (
    select
        max(case when setting = 'fatigue_contacts' then value end) as fatigue_contacts,
        max(case when setting = 'offers_kept' then value end) as offers_kept
    from policy.offer_setting
),

found as (
    select * from tasks_offer.found
),

contact_supplied as (
    select is_supplied as is_known
    from night.supplied
    where table_name = 'contact'
),

-- who was not spoken with is not tired, where the bank records contacts
measured as (
    select
        found.*,
        product.margin_share,
        acceptance.accepted_365d_count,
        acceptance.decided_365d_count,
        acceptance.accept_share,
        case when contact_supplied.is_known then coalesce(contacted.contacts_30d_count, 0) end as contacts_30d_count,
        setting.fatigue_contacts,
        setting.offers_kept
    from found
    cross join setting
    cross join contact_supplied
    inner join policy.offer_product as product on found.product = product.product
    inner join tasks_offer.acceptance as acceptance on found.product = acceptance.product
    left join tasks_offer.contacted as contacted on found.client_id = contacted.client_id
),

scored as (
    select
        measured.*,
        {{ rule.score('accept_share', 'fit_share', 'margin_share', '0') }} as fresh_score,
        {{ rule.score(
            'accept_share', 'fit_share', 'margin_share',
            rule.fatigue_share('contacts_30d_count', 'fatigue_contacts')
        ) }} as score
    from measured
),

placed as (
    select
        scored.*,
        row_number() over (partition by client_id order by fresh_score desc, product asc) as place
    from scored
),

kept as (
    select * from placed
    where place <= offers_kept
),

stopped as (
    select
        kept.client_id,
        kept.product,
        against.rule,
        against.detail,
        against.on_day,
        against.counted,
        row_number() over (
            partition by kept.client_id, kept.product order by offer_rule.priority asc, against.rule asc
        ) as place
    from kept
    inner join tasks_offer.suppression as against
        on kept.client_id = against.client_id and (against.product is null or kept.product = against.product)
    inner join policy.offer_rule as offer_rule on against.rule = offer_rule.rule
),

stopped_also as (
    select
        client_id,
        product,
        string_agg(rule, ',' order by place) as rules
    from stopped
    where place > 1
    group by client_id, product
),

-- what certainly stands against an offer does so whatever else is not known
judged as (
    select
        kept.*,
        client.branch_id,
        stopped.rule as suppressed_by,
        stopped_also.rules as also_suppressed_by,
        stopped.detail,
        stopped.on_day,
        stopped.counted,
        unknown_part.not_assessed,
        warning.colour,
        standing.advised_since as standing_since
    from kept
    inner join staging.client as client on kept.client_id = client.client_id
    left join stopped on kept.client_id = stopped.client_id and kept.product = stopped.product and stopped.place = 1
    left join stopped_also on kept.client_id = stopped_also.client_id and kept.product = stopped_also.product
    left join tasks_offer.unknown_part as unknown_part on kept.client_id = unknown_part.client_id
    left join warnings.warning as warning on kept.client_id = warning.client_id
    left join previous.offer_advice as standing
        on kept.client_id = standing.client_id and kept.product = standing.product
),

fact as (
    select
        {% for name in ('need', 'surplus', 'peers', 'held', 'acceptance') %}
        max(case when fact = '{{ name }}' then words_zh end) as {{ name }}_zh,
        max(case when fact = '{{ name }}' then words_en end) as {{ name }}_en,
        {% endfor %}
        count(*) as facts
    from policy.offer_fact_text
),

-- three facts at most: what speaks for it, and how others answered
worded as (
    select
        judged.client_id,
        judged.branch_id,
        judged.product,
        case when judged.not_assessed is null then judged.score end as score,
        case
            when judged.suppressed_by is not null then 0
            when judged.not_assessed is null then judged.score * 0.01
        end as value,
        judged.suppressed_by,
        judged.also_suppressed_by,
        judged.not_assessed,
        case
            when judged.suppressed_by is null and judged.not_assessed is null
                then coalesce(judged.standing_since, $business_date)
        end as advised_since,
        judged.is_held,
        judged.need_kind,
        judged.need_on,
        judged.peer_group,
        judged.peer_count,
        judged.user_share * 100 as peer_share_pct,
        judged.surplus_amt,
        judged.accepted_365d_count,
        judged.decided_365d_count,
        judged.accept_share * 100 as accept_pct,
        judged.fit_share * 100 as fit_pct,
        judged.margin_share * 100 as margin_pct,
        judged.contacts_30d_count,
        case when judged.need_kind is null then '' else 'need,' end
        || case
            when judged.surplus_amt is not null then 'surplus,'
            when judged.is_held then 'held,'
            when judged.peer_group is not null then 'peers,'
            else ''
        end
        || 'acceptance' as why,
        {% for language in ('zh', 'en') %}
        {% set join = "';'" if language == 'zh' else "'; '" %}
        case when judged.need_kind is null then '' else fact.need_{{ language }} || {{ join }} end
        || case
            when judged.surplus_amt is not null then fact.surplus_{{ language }} || {{ join }}
            when judged.is_held then fact.held_{{ language }} || {{ join }}
            when judged.peer_group is not null then fact.peers_{{ language }} || {{ join }}
            else ''
        end
        || fact.acceptance_{{ language }} as why_{{ language }},
        coalesce(offer_rule_text.words_{{ language }}, '') as do_not_offer_{{ language }},
        {% endfor %}
        {{ words.figures({
            'need': 'judged.need_kind',
            'need_on': 'judged.need_on',
            'surplus': 'judged.surplus_amt',
            'peer_group': 'judged.peer_group',
            'peers': 'judged.peer_count',
            'peer_share': 'judged.user_share * 100',
            'decided': 'judged.decided_365d_count',
            'accepted': 'judged.accepted_365d_count',
            'colour': 'judged.colour',
            'class': 'judged.detail',
            'campaign': 'judged.detail',
            'complaint_on': 'judged.on_day',
            'declined_on': 'judged.on_day',
            'pending_on': 'judged.on_day',
            'contacts': 'judged.contacts_30d_count',
            'carried': 'judged.counted',
        }) }} as figures
    from judged
    cross join fact
    left join policy.offer_rule_text as offer_rule_text on judged.suppressed_by = offer_rule_text.rule
)

select
    $business_date as business_date,
    worded.*
from worded
