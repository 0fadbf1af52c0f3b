"""What people can decide about, and by which key, as the first line of each file in sql/asked/decidable/ says it."""

import re

from nightdesk.models import models

_SCHEMA = "asked_decidable."
#: how a head line ends: `; its key: LOAN`
_KEY = re.compile(r"^--.*?; its key: (?P<key>[^\n]+)")


def keys() -> dict[str, str]:
    """The key of each subject in words, by subject; empty where its head line does not say it."""
    found = {}
    for table, model in sorted(models().items()):
        if table.startswith(_SCHEMA):
            head = _KEY.match(model.path.read_text(encoding="utf-8"))
            found[table.removeprefix(_SCHEMA)] = head["key"].strip() if head else ""
    return found
