"""How a row is named to people who may not see all of its key."""

import re


def masked_key(row_key: str) -> str:
    """A row key for quality pages: of each part the last four characters, and never more than half."""
    return "|".join(_tail(part) for part in row_key.split("|"))


def _tail(part: str) -> str:
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", part):
        return part
    shown = min(4, len(part) // 2)
    return "*" * min(4, len(part) - shown) + (part[-shown:] if shown else "")
