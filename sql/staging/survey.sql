-- one row per answered survey up to the business date
with
survey as (
    select
        response_id,
        client_id,
        answered_on,
        csat,
        nps
    from source.survey
    where answered_on <= $business_date
)

select * from survey
