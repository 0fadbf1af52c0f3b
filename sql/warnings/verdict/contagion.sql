-- one row per client and applicable indicator of contagion: what it measured of others, and whether it is supplied
{% import 'macros/reading.sql' as readings %}
with
{{ readings.of(contagions, 'true') }}

select * from reading
