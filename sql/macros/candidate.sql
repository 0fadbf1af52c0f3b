{# What a thing to do may have beside client_id, kind, subject, started_on and its words. Each file of tasks/candidate/
   writes what it has and ends its select with {{ candidate.lacking('due_on', ...) }}: what is not named is null.
   clock_from, sla_days: due so many working days later; due_on: due on that day, never later than latest_on;
   is_deadline: a date in a contract or in the law, which waits for nobody; is_unproven: of an indicator that no evaluation
   has shown to help (policy indicator); worsened_on: the night on which it got worse by itself, which an answer of
   that day or an earlier one did not know; owner_role: branch_head where the head of the
   branch is asked, whoever looks after the client; risk where the branch itself may not read it. #}
{% set optional = {
    'clock_from': 'date',
    'sla_days': 'integer',
    'due_on': 'date',
    'latest_on': 'date',
    'is_deadline': 'boolean',
    'severity': 'varchar',
    'is_hard': 'boolean',
    'band_step': 'integer',
    'is_unproven': 'boolean',
    'worsened_on': 'date',
    'change': 'varchar',
    'indicator': 'varchar',
    'loan_id': 'varchar',
    'project_id': 'varchar',
    'owner_role': 'varchar',
    'figures': 'map (varchar, varchar)',
} %}

{% macro lacking() -%}
{%- for column, type in optional.items() if column not in varargs -%}
{{ '' if loop.first else ',\n        ' }}cast(null as {{ type }}) as {{ column }}
{%- endfor %}
{%- endmacro %}

{# All but `figures` of a loan's clock that runs out: `clock` is a step with client_id, loan_id, project_id and
   notice_days, which is so many days before the day in its column `ends_on`; beside it stands `task_text`. #}
{% macro deadline(kind, clock, subject, ends_on) -%}
{{ clock }}.client_id,
        '{{ kind }}' as kind,
        {{ subject }} as subject,
        cast({{ clock }}.{{ ends_on }} - {{ clock }}.notice_days * interval '1' day as date) as started_on,
        {{ clock }}.{{ ends_on }} as due_on,
        true as is_deadline,
        {{ clock }}.loan_id,
        {{ clock }}.project_id,
        {{ lacking('due_on', 'is_deadline', 'loan_id', 'project_id', 'figures') }},
        task_text.reason_zh,
        task_text.reason_en,
        task_text.next_step_zh,
        task_text.next_step_en
{%- endmacro %}

{# The key of a task: of the client, the kind, what it is about and since when. #}
{% macro key(client_id, kind, subject, started_on) -%}
substr(
            md5({{ client_id }} || '|' || {{ kind }} || '|' || {{ subject }} || '|' || cast({{ started_on }} as varchar)), 1, 12
        )
{%- endmacro %}
