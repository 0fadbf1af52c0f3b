"""Who gets a mail of one's own of each branch's list, and whether its shared mailbox gets the whole."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from nightdesk.reading.published_night import PublishedNight, Rows


@dataclass(frozen=True)
class Person:
    """One who gets a mail: of a branch, at an address as the registry has it; `sees_all`: the whole list."""

    branch_id: str
    staff_id: str
    email: str
    sees_all: bool


@dataclass(frozen=True)
class Recipients:
    """Of the branches of a night: the people with mails of their own, and whose shared mailbox gets the list."""

    people: Mapping[str, tuple[Person, ...]]
    shared: frozenset[str]
    clients: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)

    def of(self, branch: str) -> tuple[Person, ...]:
        """The people of a branch."""
        return self.people.get(branch, ())

    def clients_of(self, person: Person) -> Collection[str]:
        """The clients that a person looks after, or acts for, in the branch."""
        return self.clients.get((person.branch_id, person.staff_id), frozenset())


def recipients(night: PublishedNight) -> Recipients:
    """As policy mail_rule and the night's registry and lists say (sql/asked/list_recipient, list_shared)."""
    people: dict[str, list[Person]] = {}
    for row in night.inputs.ask("list_recipient"):
        one = Person(str(row["branch_id"]), str(row["staff_id"]), str(row["email"]), bool(row["sees_all"]))
        people.setdefault(one.branch_id, []).append(one)
    shared = frozenset(str(row["branch_id"]) for row in night.inputs.ask("list_shared") if row["is_shared"])
    return Recipients({branch: tuple(found) for branch, found in people.items()}, shared, _clients(night))


def _clients(night: PublishedNight) -> dict[tuple[str, str], frozenset[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    rows: Rows = night.table("client_owner")
    for row in rows:
        for person in _acting(row):
            found.setdefault((str(row["branch_id"]), person), set()).add(str(row["client_id"]))
    return {key: frozenset(clients) for key, clients in found.items()}


def _acting(row: Mapping[str, Any]) -> list[str]:
    """Whose client it is, and who acts while that person is away."""
    return [str(row[name]) for name in ("owner_id", "deputy_id") if row[name]]
