-- one row per draw and way of up to three payments after it: where the money went, how much of it, and what that was
with
hop as (
    select * from features_graph.hop_1
    union all
    select * from features_graph.hop_2
    union all
    select * from features_graph.hop_3
)

select * from hop
