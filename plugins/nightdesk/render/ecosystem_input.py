"""What the page of an ecosystem is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from nightdesk.render.catalogue import Language
from nightdesk.render.made_of import Notes
from nightdesk.render.rows import Row, Table, as_rows, decimal_of, text_of


@dataclass(frozen=True)
class EcosystemInput:
    """One client's ecosystem. `branch` is the one that reads it; `clients` are all clients by id, as
    care_ecosystem_page.ecosystem_client has them; of fewer than `others_least` clients of other branches no sum is
    told; `guarantors` are ids of its circle of guarantees, `advice` what its peers use and it does not;
    `ties` those of care.group_link of the client, and among its group; the other tables are of the client alone."""

    business_date: date
    revision: int
    language: Language
    notes: Notes
    branch: str
    client_id: str
    clients: Mapping[str, Row]
    others_least: int
    group: Row = field(default_factory=dict)
    ties: Table = ()
    reach: Table = ()
    shares: Table = ()
    finance: Table = ()
    silent: Row = field(default_factory=dict)
    targets: Table = ()
    guarantors: Sequence[str] = ()
    advice: Table = ()
    leads: Table = ()
    withheld: Table = ()

    def members(self) -> list[str]:
        """Ids of the clients that count of the client's group, whatever they are of: in the order of their exposure."""
        group = text_of(self.clients[self.client_id], "group_id")
        found = [row for row in self.clients.values() if group and text_of(row, "group_id") == group]
        found.sort(key=lambda row: (-(decimal_of(row, "exposure_amt") or 0), str(row["client_id"])))
        return [str(row["client_id"]) for row in found]

    def neighbours(self) -> list[str]:
        """Ids of the others, members of the group first, then those that a tie leads to."""
        tied = sorted({str(row[end]) for row in as_rows(self.ties) for end in ("from_id", "to_id")})
        others = dict.fromkeys([*self.members(), *tied])
        return [client for client in others if client != self.client_id]

    def scope(self) -> set[str]:
        """Ids of all clients that the page speaks of."""
        reach = {
            str(row[key]) for row in as_rows(self.reach) for key in ("source_id", "node_1", "node_2") if row.get(key)
        }
        paid = {
            str(row["party_client_id"])
            for table in (self.shares, self.finance, self.targets)
            for row in as_rows(table)
            if row.get("party_client_id")
        }
        circle = {*circle_of(self.group), *self.guarantors}
        return {self.client_id, *self.neighbours(), *reach, *paid, *circle}


def circle_of(group: Row) -> list[str]:
    """Ids of the clients on a group's circles of control."""
    said = (text_of(group, "circle_members") or "").replace(";", ",")
    return [part.strip() for part in said.split(",") if part.strip()]
