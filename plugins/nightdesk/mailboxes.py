"""Mail addresses as the registry writes them: one text, any number of mailboxes, read once and by one rule."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

#: what parts two entries; a Chinese keyboard types the wide ones
_SEPARATORS = frozenset(";,；，")
_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
#: local part and domain of RFC 5321, without quoted locals, address literals and anything beyond ASCII
_ADDRESS = re.compile(rf"({_ATEXT}(?:\.{_ATEXT})*)@({_LABEL}(?:\.{_LABEL})*)")
_NAMED = re.compile(r'(?:"[^"<>]*" *|[^"<>]*)<([^<>]*)>')
_LONGEST_LOCAL, _LONGEST = 64, 254


@dataclass(frozen=True)
class Mailboxes:
    """What a text names: bare addresses, each once, in its order; and which entries (from 1) are no address."""

    addresses: tuple[str, ...] = ()
    bad: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        """Whether the text names anybody at all, well or badly."""
        return bool(self.addresses or self.bad)


def read_mailboxes(text: object) -> Mailboxes:
    """The mailboxes of a text such as `a@b.example; Name <c@d.example>`; nothing of None or blanks.

    An entry that is no address costs itself only, so that the others still get their mail.
    """
    if text is None:
        return Mailboxes()
    found: dict[str, None] = {}
    bad = []
    entries = [entry for entry in map(_trimmed, _entries(str(text))) if entry]
    for number, entry in enumerate(entries, start=1):
        address = _address(entry)
        if address is None:
            bad.append(number)
        else:
            found.setdefault(address)
    return Mailboxes(tuple(found), tuple(bad))


def _trimmed(entry: str) -> str:
    """Without the spaces around it; a line break or another control is no space here, but a fault to be told."""
    return entry.strip(" \t\u00a0\u3000")


def _entries(text: str) -> Iterator[str]:
    """The text cut at separators, except within a quoted name; a quote that never ends protects nothing."""
    has_quotes = text.count('"') % 2 == 0
    start, is_quoted = 0, False
    for at, letter in enumerate(text):
        if letter == '"':
            is_quoted = has_quotes and not is_quoted
        elif letter in _SEPARATORS and not is_quoted:
            yield text[start:at]
            start = at + 1
    yield text[start:]


def _address(entry: str) -> str | None:
    if not entry.isprintable():
        return None
    named = _NAMED.fullmatch(entry)
    match = _ADDRESS.fullmatch(_trimmed(named[1]) if named else entry)
    if match is None or len(match[1]) > _LONGEST_LOCAL or len(match[0]) > _LONGEST:
        return None
    return f"{match[1]}@{match[2].lower()}"
