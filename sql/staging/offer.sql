-- one row per offer made by the business date, with the answer that it had by then
with
offer as (
    select
        offer_id,
        client_id,
        product,
        offered_on,
        outcome,
        coalesce(outcome_on, offered_on) as outcome_on
    from source.offer
    where offered_on <= $business_date
),

-- an answer of a later day is not known yet
answered as (
    select
        offer_id,
        client_id,
        product,
        offered_on,
        case
            when outcome in ('accepted', 'declined') and outcome_on <= $business_date then outcome
            else 'pending'
        end as outcome,
        case when outcome in ('accepted', 'declined') and outcome_on <= $business_date then outcome_on end as outcome_on
    from offer
)

select * from answered
