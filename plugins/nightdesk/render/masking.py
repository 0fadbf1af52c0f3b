"""Who may be named how: companies by short names and internal ids in masked lists, persons never in full."""

import re

from nightdesk.render.inert import LONGEST_NAME, cut
from nightdesk.render.rows import Row, flag_of, text_of

CJK = re.compile(r"[\u3400-\u9fff]")
COMPANY_CHARACTERS = 6
COMPANY_LETTERS = 24


def client_name(client: Row, *, full: bool) -> str:
    """The name a list prints: of a company the whole one in mail mode `full`, else the short or a shortened one; of a
    natural person the family name, whatever the mode.
    """
    return cut(_client_name(client, full=full), LONGEST_NAME)


def _client_name(client: Row, *, full: bool) -> str:
    name, short = text_of(client, "name"), text_of(client, "short_name")
    if flag_of(client, "is_natural_person"):
        known = name or short
        return masked_person(known) if known else text_of(client, "client_id") or ""
    if full and name:
        return name
    return short or (shortened_company(name) if name else text_of(client, "client_id") or "")


def masked_person(name: str) -> str:
    """The family name of a person, the rest hidden; placeholders with digits are no names and stay."""
    if any(character.isdigit() for character in name):
        return name
    if CJK.match(name):
        return name[0] + "*" * (len(name) - 1)
    words = name.split()
    return words[0] if len(words) == 1 else f"{words[0][0]}. {words[-1]}"


def shortened_company(name: str) -> str:
    """The head of a long company name; the internal id beside it tells two of them apart."""
    limit = COMPANY_CHARACTERS if CJK.search(name) else COMPANY_LETTERS
    if len(name) <= limit + 2:
        return name
    head = name[:limit]
    if not CJK.search(name) and " " in head:
        head = head[: head.rindex(" ")]
    return f"{head}…"


def masked_address(address: str) -> str:
    """A mail address of which a reader who knows it recognises the mailbox, and nobody else learns it."""
    mailbox, at, domain = address.rpartition("@")
    return f"{mailbox[:2] if len(mailbox) > 2 else mailbox[:1]}***{at}{domain}" if at else address[:1] and "***"
