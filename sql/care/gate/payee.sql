-- one row per announced draw of an amount that the bank pays to the counterparty itself: whether the payee is named
-- Who the payee is stands among the evidence: the amount alone would not say why the item stops the draw.
with
rule as (
    select limit_value
    from policy.draw_gate
    where item = 'payee'
),

request as (
    select request.*
    from care_draw.request as request
    cross join rule
    where request.amount_amt >= rule.limit_value or request.amount_amt is null
),

-- one of its group, or whom it controls or is controlled by, is no counterparty
related as (
    select
        client_id,
        other_client_id
    from source.client_link
    where kind in ('controls', 'same_group') and coalesce(valid_to >= $business_date, true)
    union
    select
        other_client_id as client_id,
        client_id as other_client_id
    from source.client_link
    where kind in ('controls', 'same_group') and coalesce(valid_to >= $business_date, true)
),

named as (
    select count(*) as columns
    from night.supplied_column
    where table_name = 'draw_request' and column_name = 'payee_id'
),

judged as (
    select
        request.request_id,
        -- a payee that is named is judged, also where the bank's own table never names one
        request.amount_amt is not null and (request.payee_id is not null or named.columns > 0) as is_assessed,
        request.payee_id is not null
        and request.payee_id <> request.client_id
        and related.client_id is null as is_met,
        cast(request.amount_amt as decimal(18, 4)) as value,
        cast(rule.limit_value as decimal(18, 4)) as limit_value,
        'draw_request:' || request.request_id || ';payee_is:'
        || case
            when request.payee_id is null and named.columns = 0 then 'not_recorded'
            when request.payee_id is null then 'unnamed'
            when request.payee_id = request.client_id then 'borrower'
            when related.client_id is not null then 'group'
            else 'third_party'
        end as source_keys
    from request
    cross join rule
    cross join named
    left join related on request.client_id = related.client_id and request.payee_id = related.other_client_id
)

select
    request_id,
    'payee' as item,
    is_assessed,
    is_met,
    value,
    limit_value,
    source_keys
from judged
