"""The facts that a signed review keeps: as one text, so that they travel with it and nobody can part them."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

_PARTS = ("fact", "name", "value", "tone")


def facts_text(facts: Iterable[Mapping[str, Any]]) -> str:
    """Facts as a review keeps them: JSON, a list of fact, name, value and tone each, in the order of facts."""
    rows = sorted(([row[name] for name in _PARTS] for row in facts), key=lambda one: str(one[0]))
    return json.dumps({"facts": rows}, ensure_ascii=False, separators=(",", ":"))


def facts_of(text: str | None) -> list[dict[str, str]] | None:
    """The facts that a review keeps; None where it keeps none that can be read."""
    try:
        found = json.loads(text or "null")
        return [dict(zip(_PARTS, one, strict=True)) for one in found["facts"]]
    except (ValueError, TypeError, KeyError):
        return None


def hash_of(facts: Iterable[Mapping[str, str]]) -> str:
    """What stands for facts together, as sql/esg/signing/fact_hash.sql makes it."""
    said = ";".join(f"{one['fact']}={one['value']}" for one in sorted(facts, key=lambda one: one["fact"]))
    return hashlib.md5(said.encode(), usedforsecurity=False).hexdigest()
