"""How a branch's page about an ecosystem names who is in it: own clients by name, those of other branches by a number."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from nightdesk.render.catalogue import Catalogue
from nightdesk.render.inert import LONGEST_NAME, cut
from nightdesk.render.masking import client_name
from nightdesk.render.rows import Row, text_of


@dataclass(frozen=True)
class Names:
    """Who may be named how on a page of `branch`.

    `clients` are all clients by id; `scope` those that the page may speak of: the ones of other branches among them are
    numbered in the order of their ids, which says nothing of who they are. A client's name that a payment writes is
    named like the client.
    """

    branch: str
    clients: Mapping[str, Row]
    scope: Collection[str]
    t: Catalogue
    _numbers: dict[str, int] = field(default_factory=dict)
    _hidden: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        others = sorted(client for client in self.scope if not self.is_own(client))
        self._numbers.update({client: number for number, client in enumerate(others, 1)})
        for client, row in self.clients.items():
            if not self.is_own(client):
                self._hidden.update(name for key in ("name", "short_name") if (name := text_of(row, key)))
                self._hidden.add(client)

    def is_own(self, client: str) -> bool:
        """Whether a client is of the branch that reads the page."""
        return text_of(self.clients.get(client, {}), "branch_id") == self.branch

    def short(self, client: str) -> str:
        """A client's name alone, or its number: for a drawing."""
        if self.is_own(client):
            return client_name(self.clients[client], full=False)
        number = self._numbers.get(client)
        return self.t("ecosystem.elsewhere", n=number) if number else self.t("ecosystem.elsewhere_some")

    def of(self, client: str) -> str:
        """A client by name and id, or by its number."""
        return f"{self.short(client)} {client}" if self.is_own(client) else self.short(client)

    def party(self, row: Row) -> str:
        """The other side of a payment: a client as clients are named, else as the payment writes it."""
        client = text_of(row, "party_client_id")
        if client:
            return self.of(client)
        name, key = text_of(row, "name"), (text_of(row, "party_id") or "").removeprefix("name:")
        said = name or key
        return self.t("ecosystem.elsewhere_some") if {name, key} & self._hidden else cut(said, LONGEST_NAME)
