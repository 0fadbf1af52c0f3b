-- one row per instalment of a loan that exists, as staged: read here once for all that follows
with
instalment as (
    select * from staging.instalment
)

select * from instalment
