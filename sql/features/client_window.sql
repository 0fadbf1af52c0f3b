-- one row per client: sums and counts of operating flows in trailing windows
-- the linter would have what stands in a template's loop or condition less deep than its select
-- noqa: disable=LT02
{% import 'macros/window.sql' as window %}
{% if is_rolled %}
with
window_now as (
    select * from features_rolling.client_window_rolled
),
{% else %}
with
window_now as (
    select * from features_rolling.client_window_full
),
{% endif %}

-- a client that nothing is known of has windows of zero
every_client as (
    select distinct client_id from features.account_mapping
),

complete as (
    select
        every_client.client_id,
{% for name, first, last, measure in window.measures %}
        coalesce(window_now.{{ name }}, 0) as {{ name }}{{ ',' if not loop.last }}
{% endfor %}
    from every_client
    left join window_now on every_client.client_id = window_now.client_id
)

select * from complete
