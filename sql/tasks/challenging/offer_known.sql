-- one row per offer made, and per one that the rule has nothing against tonight: what was known of it on its own day
-- Nothing of a later day is read: not an answer, a need, a product, a contact or a survey. What ended without a date is
-- taken not to have been there; an answer without one is left out. A client's segment is tonight's, as former ones are
-- kept nowhere: it says in which group an offer is judged, and is neither learned from nor who the peers are. Those are
-- of its kind, which a client keeps for life.
{% import 'macros/offer.sql' as rule %}
with
setting as (
    select
        max(case when setting = 'prior_offers' then value end) as prior_offers,
        max(case when setting = 'fatigue_contacts' then value end) as fatigue_contacts,
        max(case when setting = 'peer_share_pct' then value end) as peer_share_pct
    from policy.offer_setting
),

client as (
    select
        client_id,
        branch_id,
        client_kind,
        segment,
        sector_code,
        onboard_date,
        closed_date
    from staging.client
),

offer as (
    select
        offer_id,
        client_id,
        product,
        offered_on,
        outcome,
        answered_on as outcome_on
    from staging.offer
),

asked_for as (
    select
        offer_id as row_key,
        client_id,
        product,
        offered_on as as_of,
        outcome,
        outcome_on,
        false as is_tonight,
        cast(null as decimal(9, 4)) as rule_score_tonight
    from offer
    union all
    select
        client_id || '|' || product as row_key,
        client_id,
        product,
        $business_date as as_of,
        'tonight' as outcome,
        cast(null as date) as outcome_on,
        true as is_tonight,
        score as rule_score_tonight
    from tasks.offer_advice
    where suppressed_by is null and not_assessed is null
),

of_client as (
    select
        asked_for.*,
        client.branch_id,
        client.client_kind,
        client.segment,
        client.sector_code,
        date_diff('day', client.onboard_date, asked_for.as_of) as tenure_days
    from asked_for
    inner join client on asked_for.client_id = client.client_id
),

-- each step below has at most one row per row_key
need as (
    select
        of_client.row_key,
        max(fit.fit_share) as need_share,
        count(distinct need.need_id) as needs
    from of_client
    inner join source.need as need
        on
            of_client.client_id = need.client_id
            and of_client.as_of >= need.raised_on
            and (
                of_client.as_of < need.closed_on
                or (need.closed_on is null and coalesce(need.status, 'open') in ('open', 'offered'))
            )
    left join policy.offer_fit as fit
        on fit.evidence = 'need' and need.kind = fit.code and of_client.product = fit.product
    group by of_client.row_key
),

held as (
    select
        of_client.row_key,
        count(*) as products,
        max(case when holding.product = of_client.product then 1 else 0 end) as is_held
    from of_client
    inner join source.product_holding as holding
        on of_client.client_id = holding.client_id and of_client.as_of > holding.since
    group by of_client.row_key
),

spoken as (
    select
        of_client.row_key,
        count(*) as contacts_30d
    from of_client
    inner join source.contact as contact on of_client.client_id = contact.client_id
    where
        date_diff(
            'day', cast((contact.occurred_at at time zone 'UTC') at time zone $timezone as date), of_client.as_of
        ) between 1 and 30
        and coalesce(contact.logged_at < cast(of_client.as_of as timestamp), true)
    group by of_client.row_key
),

answered as (
    select
        of_client.row_key,
        sum(case when before.outcome = 'declined' then 1 else 0 end) as declined_365d_count,
        sum(case when before.outcome = 'accepted' then 1 else 0 end) as accepted_365d_count
    from of_client
    inner join offer as before
        on of_client.client_id = before.client_id and of_client.as_of > before.outcome_on
    where date_diff('day', before.outcome_on, of_client.as_of) <= 365
    group by of_client.row_key
),

surveyed as (
    select
        of_client.row_key,
        survey.csat,
        row_number() over (
            partition by of_client.row_key order by survey.answered_on desc, survey.response_id desc
        ) as place
    from of_client
    inner join staging.survey as survey
        on of_client.client_id = survey.client_id and of_client.as_of > survey.answered_on
    where survey.csat is not null
),

received as (
    select
        of_client.row_key,
        count(*) as decided,
        sum(case when before.outcome = 'accepted' then 1 else 0 end) as accepted
    from of_client
    inner join offer as before on of_client.product = before.product
    where
        before.outcome <> 'pending'
        and before.outcome_on < of_client.as_of
        and date_diff('day', before.outcome_on, of_client.as_of) <= 365
    group by of_client.row_key
),

-- peers of its kind that were with the bank on that day; the client itself does not count
asked_day as (
    select distinct
        client_kind,
        product,
        as_of
    from of_client
),

peer as (
    select
        asked_day.client_kind,
        asked_day.product,
        asked_day.as_of,
        count(*) as clients,
        count(holding.client_id) as users
    from asked_day
    inner join client
        on
            asked_day.client_kind = client.client_kind
            and asked_day.as_of > client.onboard_date
            and coalesce(asked_day.as_of < client.closed_date, true)
    left join source.product_holding as holding
        on
            client.client_id = holding.client_id
            and asked_day.product = holding.product
            and asked_day.as_of > holding.since
    group by asked_day.client_kind, asked_day.product, asked_day.as_of
),

measured as (
    select
        of_client.*,
        coalesce(need.need_share, 0) as need_share,
        coalesce(need.needs, 0) as open_needs,
        coalesce(held.products, 0) as products,
        coalesce(held.is_held, 0) as is_held,
        coalesce(spoken.contacts_30d, 0) as contacts_30d,
        coalesce(answered.declined_365d_count, 0) as declined_365d_count,
        coalesce(answered.accepted_365d_count, 0) as accepted_365d_count,
        surveyed.csat,
        cast((peer.users - coalesce(held.is_held, 0)) / nullif(peer.clients - 1, 0) as decimal(18, 6)) as peer_share,
        {{ rule.accept_share(
            'coalesce(received.accepted, 0)', 'coalesce(received.decided, 0)', 'product.prior_accept_pct',
            'setting.prior_offers'
        ) }} as accept_share,
        {{ rule.fatigue_share('coalesce(spoken.contacts_30d, 0)', 'setting.fatigue_contacts') }} as fatigue_share,
        product.repeat_share,
        peer_fit.fit_share as peer_fit_share,
        setting.peer_share_pct
    from of_client
    cross join setting
    inner join policy.offer_product as product on of_client.product = product.product
    left join policy.offer_fit as peer_fit on peer_fit.evidence = 'peers' and of_client.product = peer_fit.product
    left join need on of_client.row_key = need.row_key
    left join held on of_client.row_key = held.row_key
    left join spoken on of_client.row_key = spoken.row_key
    left join answered on of_client.row_key = answered.row_key
    left join surveyed on of_client.row_key = surveyed.row_key and surveyed.place = 1
    left join received on of_client.row_key = received.row_key
    left join peer
        on
            of_client.client_kind = peer.client_kind
            and of_client.product = peer.product
            and of_client.as_of = peer.as_of
),

-- the rule without its margin: what it, too, says of being accepted
ruled as (
    select
        row_key,
        client_id,
        branch_id,
        product,
        as_of,
        outcome,
        outcome_on,
        is_tonight,
        rule_score_tonight,
        client_kind,
        segment,
        sector_code,
        tenure_days,
        need_share,
        open_needs,
        products,
        is_held,
        contacts_30d,
        declined_365d_count,
        accepted_365d_count,
        csat,
        peer_share,
        accept_share,
        {{ rule.score(
            'accept_share',
            'greatest(need_share, case when peer_share * 100 >= peer_share_pct then coalesce(peer_fit_share, 0)'
            ~ ' * peer_share else 0 end) * case when is_held = 0 then 1 when need_share > 0 then repeat_share else 0 end',
            '1', 'fatigue_share'
        ) }} as rule_score
    from measured
)

select * from ruled
