{# What of a loan had fallen due by each row's date `order`, of the rows of one `by`. #}

{% macro _window(by, order) -%}
over (
                partition by {{ by }} order by {{ order }} range between unbounded preceding and current row
            )
{%- endmacro %}

{# Instalments of principal, and the balance once it is due in full, of which they are a part. #}
{% macro balance(principal, in_full, by, order) -%}
greatest(
            sum({{ principal }}) {{ _window(by, order) }},
            max({{ in_full }}) {{ _window(by, order) }}
        )
{%- endmacro %}

{# Interest and the like, which is no part of a balance. #}
{% macro interest(interest, by, order) -%}
sum({{ interest }}) {{ _window(by, order) }}
{%- endmacro %}

{% macro running(principal, in_full, interest_amt, by, order) -%}
{{ balance(principal, in_full, by, order) }}
        + {{ interest(interest_amt, by, order) }}
{%- endmacro %}
