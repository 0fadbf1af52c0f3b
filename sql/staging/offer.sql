-- one row per offer made by the business date, with the answer that it had by then; answered_on: the day of the answer
-- where the source has one, for whoever asks what an earlier day knew; outcome_on has the day of the offer else
with
offer as (
    select
        offer_id,
        client_id,
        product,
        offered_on,
        outcome,
        outcome_on as answered_on,
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
        case
            when outcome in ('accepted', 'declined') and outcome_on <= $business_date then outcome_on
        end as outcome_on,
        case
            when outcome in ('accepted', 'declined') and answered_on <= $business_date then answered_on
        end as answered_on
    from offer
)

select * from answered
