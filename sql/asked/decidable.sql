-- one row per thing that a person may decide about: of each subject (a file of decidable/), what the night shows
with
decidable as (
    {% for subject in decidables %}
    select
        '{{ subject }}' as subject,
        subject_key,
        client_id,
        branch_id,
        maker_id
    from asked_decidable.{{ subject }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select * from decidable
