{# The figures of what whoever speaks with a client next has to know (tasks/contact/background.sql, joined as
   `background`), for words.figures: dict(own, **figures) adds them to a row's own. #}
{% set figures = {
    'last_on': 'background.last_on',
    'last_channel': 'background.last_channel',
    'last_outcome': 'background.last_outcome',
    'counted_on': 'background.counted_on',
    'mass_on': 'background.mass_on',
    'promise_due_on': 'background.promise_due_on',
    'needs': 'background.needs',
    'signals': 'background.signals',
    'tier_from': 'background.tier_from',
    'tier_to': 'background.tier_to',
} %}
