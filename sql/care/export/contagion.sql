-- one row per client and client in trouble that reaches it over at most three ties: the nearest way, tie by tie
with
reach as (
    select
        client_id,
        source_id,
        colour,
        stage,
        steps,
        kind_1,
        node_1,
        kind_2,
        node_2,
        kind_3
    from care_ecosystem_page.ecosystem_reach
)

select * from reach
