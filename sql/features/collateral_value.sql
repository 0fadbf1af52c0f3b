-- one row per collateral: its newest valuation, and the one before that earlier nights have seen
with
collateral as (
    select * from source.collateral
),

before as (
    select * from previous.collateral_value
),

-- a value that changes while its date does not is a correction of it
collateral_value as (
    select
        collateral.collateral_id,
        collateral.valued_on,
        collateral.value_amt,
        case when collateral.valued_on > before.valued_on then before.valued_on else before.before_valued_on end
            as before_valued_on,
        case when collateral.valued_on > before.valued_on then before.value_amt else before.before_value_amt end
            as before_value_amt
    from collateral
    left join before on collateral.collateral_id = before.collateral_id
)

select * from collateral_value
