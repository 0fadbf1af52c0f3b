-- one row per person, measure and thing that the measure counts: what the scorecard's figures are added up from
{% import 'macros/scorecard.sql' as scorecard %}
with
gathered as (
    {% for measure in measures %}
    select
        '{{ measure }}' as measure,
        staff_id,
        outcome,
        {% for column in scorecard.optional %}
        {{ column }},
        {% endfor %}
        counted,
        out_of
    from tasks_scorecard_measure.{{ measure }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

item as (
    select
        person.branch_id,
        gathered.staff_id,
        gathered.measure,
        gathered.outcome,
        gathered.client_id,
        gathered.subject,
        gathered.on_date,
        gathered.due_on,
        gathered.base_amt,
        gathered.value_amt,
        gathered.days_owned,
        cast(gathered.counted as decimal(18, 2)) as counted,
        cast(gathered.out_of as decimal(18, 2)) as out_of
    from gathered
    inner join tasks_scorecard.person as person on gathered.staff_id = person.staff_id
)

select * from item
