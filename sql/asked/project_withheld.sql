-- one row per project under review and row or cell of it, or perhaps of it, that tonight lacks: what its page names
with
withheld as (
    select * from esg_review.withheld_row
)

select * from withheld
