-- one row per client: its colour without contagion as the night kept it, in the form that indicators of contagion read
with
kept as (
    select * from warnings.warning
)

select
    client_id,
    base_colour as colour,
    is_base_unseen as is_unseen
from kept
