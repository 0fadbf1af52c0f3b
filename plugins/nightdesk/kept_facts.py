"""The facts that a signed review keeps: as one text, so that they travel with it and nobody can part them."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

_PARTS = ("fact", "name", "value", "tone")
#: what a fact is judged by, at the end of its value; signatures that are older keep values without it
_JUDGED_BY = re.compile(" (limit|reported|target|unproven|unverified).*$")


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
    return _digest(f"judged;{_said(facts)}")


def is_plain(facts: Iterable[Mapping[str, Any]], digest: object) -> bool:
    """Whether facts were signed, as `digest` has it, when values did not say what they are judged by."""
    return _digest(_said(facts)) == digest


def plain(value: str) -> str:
    """A value without what it is judged by."""
    return _JUDGED_BY.sub("", value)


def _said(facts: Iterable[Mapping[str, Any]]) -> str:
    return ";".join(f"{one['fact']}={one['value']}" for one in sorted(facts, key=lambda one: one["fact"]))


def _digest(said: str) -> str:
    return hashlib.md5(said.encode(), usedforsecurity=False).hexdigest()
