"""How a branch's page about an ecosystem names who is in it: own clients by name, others' by a letter."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from nightdesk.render.catalogue import Catalogue
from nightdesk.render.inert import LONGEST_NAME, cut
from nightdesk.render.masking import client_name, masked_person
from nightdesk.render.rows import Row, flag_of, text_of

#: how wide a label may be, in narrow letters
_LABEL = 12


@dataclass(frozen=True)
class Names:
    """Who may be named how on a page of `branch`.

    `clients` are all clients by id; `scope` those that the page may speak of: the ones of other branches among them are
    lettered in the order of their ids, which says nothing of who they are. A client's name that a payment writes is
    named like the client.
    """

    branch: str
    clients: Mapping[str, Row]
    scope: Collection[str]
    t: Catalogue
    _letters: dict[str, str] = field(default_factory=dict)
    _hidden: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        others = sorted(client for client in self.scope if not self.is_own(client))
        self._letters.update({client: _letter(number) for number, client in enumerate(others)})
        for client, row in self.clients.items():
            if not self.is_own(client):
                self._hidden.update(name for key in ("name", "short_name") if (name := text_of(row, key)))
                self._hidden.add(client)

    def is_own(self, client: str) -> bool:
        """Whether a client is of the branch that reads the page."""
        return text_of(self.clients.get(client, {}), "branch_id") == self.branch

    def short(self, client: str) -> str:
        """A client's name alone, or its letter."""
        if self.is_own(client):
            return client_name(self.clients[client], full=False)
        letter = self._letters.get(client)
        return self.t("ecosystem.elsewhere", which=letter) if letter else self.t("ecosystem.elsewhere_some")

    def label(self, client: str) -> str:
        """The same where there is little room: the head of the name, or the letter alone."""
        if not self.is_own(client):
            return self._letters.get(client, "")
        name, width = "", 0
        for letter in client_name(self.clients[client], full=False):
            width += 1 if ord(letter) < 0x2E80 else 2
            if width > _LABEL:
                return f"{name.rstrip()}…"
            name += letter
        return name

    def of(self, client: str) -> str:
        """A client by name and id, or by its letter."""
        return f"{self.short(client)} {client}" if self.is_own(client) else self.short(client)

    def party(self, row: Row) -> str:
        """The other side of a payment: a client as clients are named, who is or may be a person (`is_masked`) as
        persons are, else as written.
        """
        client = text_of(row, "party_client_id")
        if client:
            return self.of(client)
        name, key = text_of(row, "name"), (text_of(row, "party_id") or "").removeprefix("name:")
        said = name or key
        if {name, key} & self._hidden:
            return self.t("ecosystem.elsewhere_some")
        return cut(masked_person(said) if flag_of(row, "is_masked") else said, LONGEST_NAME)


def _letter(number: int) -> str:
    """A, B ... Z, AA, AB ..."""
    first, last = divmod(number, 26)
    return (_letter(first - 1) if first else "") + chr(ord("A") + last)
