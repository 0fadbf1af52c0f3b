{# Every rolled measure of client_window: (name, first day before D, last day before D, expression over client_day). #}
{% set measures = [
    ('inflow_30d_amt', 29, 0, 'inflow_amt'),
    ('inflow_90d_amt', 89, 0, 'inflow_amt'),
    ('inflow_365d_amt', 364, 0, 'inflow_amt'),
    ('inflow_prior_365d_amt', 454, 90, 'inflow_amt'),
    ('inflow_year_ago_90d_amt', 454, 365, 'inflow_amt'),
    ('outflow_30d_amt', 29, 0, 'outflow_amt'),
    ('outflow_90d_amt', 89, 0, 'outflow_amt'),
    ('turnover_365d_amt', 364, 0, 'inflow_amt + day.outflow_amt'),
    ('returned_30d_count', 29, 0, 'returned_count'),
    ('attempt_30d_count', 29, 0, 'attempt_count'),
    ('client_initiated_30d_count', 29, 0, 'client_initiated_count'),
    ('client_initiated_365d_count', 364, 0, 'client_initiated_count'),
    ('unconverted_90d_count', 89, 0, 'unconverted_count'),
    ('unconverted_455d_count', 454, 0, 'unconverted_count'),
] %}
{# Whether a day lies in the window of the night of `night`. #}
{% macro inside(first, last, night) -%}
date_diff('day', day.booked_on, {{ night }}) between {{ last }} and {{ first }}
{%- endmacro %}
