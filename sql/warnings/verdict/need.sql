-- one row per rule (an indicator, or floor), item that it needs, way to meet the item, and table or column of that way
-- Policy says what a rule needs: items apart by `;`, each met by one of its ways apart by `|`, a way being one token or
-- several joined by `+`, a token `table` or `table.column`. An item that ends in `?` is needed by some rows only: it is
-- named where the rule could not be assessed, and keeps no other client from being assessed.
with
rule as (
    select
        indicator as rule,
        requires
    from policy.indicator
    where requires is not null
    union all
    select
        'floor' as rule,
        requires
    from policy.five_class_floor
    where requires is not null
),

needed as (
    select
        rule,
        unnest(string_split(requires, ';')) as item
    from rule
),

way as (
    select distinct
        rule,
        item,
        item like '%?' as is_partial,
        unnest(string_split(replace(item, '?', ''), '|')) as way
    from needed
),

need as (
    select
        rule,
        item,
        is_partial,
        way,
        unnest(string_split(way, '+')) as token
    from way
)

select * from need
