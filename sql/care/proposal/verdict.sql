-- one row per bundle: what is said of it, and the rule that decides
-- What would relieve a client in distress is forbearance, whatever else stands against it. A limit that is broken
-- refuses; where none is, one that is not known leaves the bundle not assessed, and so does one that policy does not
-- speak of.
with
rule as (
    select * from policy.proposal_rule
),

limited as (
    select
        proposal_id,
        rule,
        value,
        limit_value,
        is_met
    from care_proposal.hard_limit
    union all
    select
        proposal_id,
        rule,
        value,
        limit_value,
        is_met
    from care_proposal.cover_limit
),

failed as (
    select
        limited.proposal_id,
        limited.rule,
        rule.place,
        coalesce(rule.is_distress, false) as is_distress,
        limited.is_met is null or rule.rule is null as is_unknown
    from limited
    left join rule on limited.rule = rule.rule
    where not coalesce(limited.is_met, false) or rule.rule is null
),

gathered as (
    select
        proposal_id,
        max(case when is_distress and not is_unknown then 1 else 0 end) = 1 as has_distress,
        min(case when is_distress and not is_unknown then place end) as distress_place,
        min(case when not is_unknown then place end) as broken_place,
        min(place) as first_place,
        min(case when place is null then rule end) as unruled
    from failed
    group by proposal_id
),

judged as (
    select
        bundle.proposal_id,
        case
            when bundle.is_relief and coalesce(gathered.has_distress, false) then 'forbearance'
            when gathered.broken_place is not null then 'refused'
            when gathered.first_place is not null or gathered.unruled is not null then 'not_assessed'
            else 'offer'
        end as verdict,
        case
            when bundle.is_relief then coalesce(gathered.distress_place, gathered.broken_place, gathered.first_place)
            else coalesce(gathered.broken_place, gathered.first_place)
        end as place,
        gathered.unruled
    from care_proposal.bundle as bundle
    left join gathered on bundle.proposal_id = gathered.proposal_id
),

verdict as (
    select
        judged.proposal_id,
        judged.verdict,
        coalesce(rule.rule, judged.unruled) as reason
    from judged
    left join rule on judged.place = rule.place
)

select * from verdict
