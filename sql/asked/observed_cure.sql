-- one row per loan whose cure leads to a better class than a rule with a period of observation leaves it tonight: that
-- period is then over on the day of the forecast
with
class as (
    select * from policy.asset_class
),

-- a rule that observes says for how long
rule as (
    select * from policy.five_class_floor
    where observation_days is not null
),

observed_cure as (
    select
        loan_class.loan_id,
        loan_class.client_id
    from warnings.loan_class as loan_class
    inner join rule on loan_class.floor_rule = rule.rule
    inner join class as least_class on loan_class.floor_class = least_class.asset_class
    inner join class as cured on loan_class.cured_class = cured.asset_class
    where least_class.rank > cured.rank
)

select * from observed_cure
