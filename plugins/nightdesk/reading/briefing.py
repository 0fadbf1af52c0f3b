"""What briefs are made of: the clients to be visited, and what a published night says of each of them."""

import datetime
from collections.abc import Callable, Collection
from functools import partial
from typing import Any

from nightdesk.bank_profile import load_profile
from nightdesk.desk.database import open_desk
from nightdesk.desk.ledger import latest_published_date
from nightdesk.errors import Refused, UsageError
from nightdesk.reading.exporting import standing_publication
from nightdesk.reading.published import columns_of
from nightdesk.reading.published_night import PublishedNight, Rows, by_key
from nightdesk.render.brief_source import BriefInput
from nightdesk.render.catalogue import Language, language_of
from nightdesk.render.made_of import Notes
from nightdesk.settings import Settings

_WANTED = "night.brief_client"
_OURS = f"where client_id in (select client_id from {_WANTED})"
#: what a client has one row of, in the lake: table, and under which name a brief has it
_ONE = {
    "client_tier": "tiers/client_tier",
    "tier_path": "tiers/tier_path",
    "warning": "warnings/warning",
    "client_owner": "tasks/client_owner",
    "client_exposure": "features/client_exposure",
    "client_balance": "features/client_balance",
}
_ASKED = ("brief_signal", "brief_cleared", "brief_date", "brief_question", "brief_caution", "brief_background")


def due(night: PublishedNight) -> list[str]:
    """Ids of the clients with a visit planned for one of the next working days."""
    return sorted({str(row["client_id"]) for row in night.inputs.ask("brief_due")})


def brief_makers(
    night: PublishedNight, notes: Notes, clients: Collection[str], language: Language | None = None
) -> dict[str, Callable[[], BriefInput]]:
    """By client, how its brief's input is made; what all of them need is read once. The language is its branch's."""
    if not clients:
        return {}
    night.engine.insert(_WANTED, {"client_id": "VARCHAR"}, [{"client_id": client} for client in sorted(clients)])
    registry = {row["branch_id"]: row for row in night.source("branch", "branch_id")}
    people = {str(row["staff_id"]): str(row["name"]) for row in night.source("staff", "staff_id")}
    known = {row["client_id"]: row for row in night.source("client", "client_id", _OURS)}
    one = {name: _by_client(_kept(night, table)) for name, table in _ONE.items()}
    asked = {name: by_key(night.inputs.ask(name, _OURS), "client_id") for name in _ASKED}
    loans = by_key(_kept(night, "features/loan_state", f"{_OURS} and status <> 'closed'", "loan_id"), "client_id")
    visits = _by_client(night.table("visit_proposal", f"{_OURS} and state = 'planned'"))
    items = by_key(night.table("visit_item", _OURS), "client_id")
    needs = by_key(
        night.source("need", "raised_on, need_id", f"{_OURS} and coalesce(status, 'open') in ('open', 'offered')"),
        "client_id",
    )
    offers = by_key(
        night.source("offer", "offered_on, offer_id", f"{_OURS} and coalesce(outcome, 'pending') = 'pending'"),
        "client_id",
    )
    products = by_key(night.source("product_holding", "product", _OURS), "client_id")
    withheld = by_key(night.withheld(_OURS), "client_id")
    members = by_key(night.inputs.ask("brief_member"), "sponsor_group_id")

    def make(client: str) -> BriefInput:
        tier = one["client_tier"].get(client, {})
        branch = registry.get(known[client]["branch_id"], {})
        group = tier.get("sponsor_group_id")
        return BriefInput(
            business_date=night.publication.business_date,
            revision=night.publication.revision,
            language=language or language_of(branch.get("language")),
            notes=notes,
            client=known[client],
            tier=tier,
            path=one["tier_path"].get(client, {}),
            warning=one["warning"].get(client, {}),
            owner=one["client_owner"].get(client, {}),
            people=people,
            visit=visits.get(client, {}),
            background=next(iter(asked["brief_background"].get(client, [])), {}),
            exposure=one["client_exposure"].get(client, {}),
            balance=one["client_balance"].get(client, {}),
            items=sorted(items.get(client, []), key=lambda row: (str(row["due_on"]), row["kind"], row["subject"])),
            members=members.get(group, []) if group else (),
            loans=loans.get(client, []),
            products=products.get(client, []),
            signals=asked["brief_signal"].get(client, []),
            cleared=asked["brief_cleared"].get(client, []),
            dates=asked["brief_date"].get(client, []),
            needs=needs.get(client, []),
            offers=offers.get(client, []),
            questions=asked["brief_question"].get(client, []),
            cautions=asked["brief_caution"].get(client, []),
            withheld=withheld.get(client, []),
        )

    return {client: partial(make, client) for client in sorted(clients) if client in known}


def _kept(night: PublishedNight, lake_table: str, where: str = _OURS, order: str = "client_id") -> Rows:
    view = lake_table.replace("/", ".")
    if not night.engine.exists(view):
        night.inputs.kept(lake_table, columns_of(lake_table))
    return night.engine.rows(f"select * from {view} {where} order by {order}")


def _by_client(rows: Rows) -> dict[str, dict[str, Any]]:
    return {str(row["client_id"]): row for row in rows}


def opened(settings: Settings, day: datetime.date | None, profile: str | None) -> PublishedNight:
    """The published night of a date, by default the newest. Raises Refused or UsageError where there is none."""
    with open_desk(settings).connect() as connection:
        bank = load_profile(settings, profile)
        wanted = day or latest_published_date(connection, bank.name)
        if wanted is None:
            raise Refused("no night is published yet", "Run one first: nightdesk night --date YYYY-MM-DD")
        publication = standing_publication(connection, settings, wanted, profile, None)
    return PublishedNight(settings, publication)


def brief_of(night: PublishedNight, client: str, language: Language | None = None) -> BriefInput:
    """One client's brief. Raises UsageError where the night knows no such active client."""
    makers = brief_makers(night, night.notes(), [client], language)
    made = makers[client]() if client in makers else None
    if made is None or not made.warning:
        raise UsageError(
            f"the night of {night.publication.business_date} knows no active client {client!r}",
            "Correct the id, or name a date on which the client was there.",
        )
    return made
