"""Codes of cards as people type them: read out of their words, and refused where a place is mistyped.

A code is a letter, five digits and a check letter (`K40281C`); sql/macros/card_code.sql makes them.
"""

import re
import unicodedata

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ"
#: a code within other words; blanks and hyphens that people put into it are no part of it
_TYPED = re.compile(r"(?<![A-Za-z0-9])([A-Za-z])[ -]?([0-9]{5})[ -]?([A-Za-z])(?![A-Za-z0-9])")


def codes_in(words: str) -> tuple[list[str], list[str]]:
    """The codes that words name, each once in their order, and what has the shape of one and is mistyped."""
    good: dict[str, None] = {}
    bad: dict[str, None] = {}
    for match in _TYPED.finditer(unicodedata.normalize("NFKC", words)):
        code = "".join(match.groups()).upper()
        (good if is_code(code) else bad).setdefault(code)
    return list(good), list(bad)


def without_codes(words: str) -> str:
    """The words that are left when whatever has the shape of a code is taken out."""
    return " ".join(_TYPED.sub(" ", unicodedata.normalize("NFKC", words)).split())


def is_code(code: str) -> bool:
    """Whether a text is a code as it is printed, its check letter included."""
    if not re.fullmatch(f"[{LETTERS}][0-9]{{5}}[{LETTERS}]", code):
        return False
    total = LETTERS.index(code[0]) + sum(place * int(digit) for place, digit in enumerate(code[1:6], start=2))
    return LETTERS[total % len(LETTERS)] == code[6]
