-- one row per client with deposits: its balance on, and the sum of its balances up to, each edge day of a window
with
state as (
    select * from {{ 'features_rolling.balance_state_rolled' if is_rolled else 'features_rolling.balance_state_full' }}
)

select * from state
