"""What a page about an ecosystem is made of: a client or a group of a published night, as one branch may read it."""

from nightdesk.errors import UsageError
from nightdesk.policy import policy
from nightdesk.reading.published_night import PublishedNight
from nightdesk.render.catalogue import Language, language_of
from nightdesk.render.ecosystem_input import EcosystemInput

_SCOPE = "night.ecosystem_scope"
_OWN = "where client_id = $client"


def ecosystem_of(
    night: PublishedNight, wanted: str, branch: str | None = None, language: Language | None = None
) -> EcosystemInput:
    """The ecosystem of a client, or of the client that leads a group, for the client's branch or another one.

    Raises UsageError where the night knows no such client or group, or no such branch.
    """
    clients = {str(row["client_id"]): row for row in night.inputs.ask("care_ecosystem_page.ecosystem_client")}
    client = wanted if wanted in clients else _lead_of(night, wanted)
    registry = {str(row["branch_id"]): row for row in night.source("branch", "branch_id")}
    reader = branch or str(clients[client]["branch_id"])
    if reader not in registry:
        raise UsageError(f"the night knows no branch {reader!r}", "Correct --branch.")
    group = clients[client]["group_id"]
    members = [one for one, row in clients.items() if group is not None and row["group_id"] == group]
    night.engine.insert(_SCOPE, {"client_id": "VARCHAR"}, [{"client_id": one} for one in sorted({client, *members})])
    ours = f"(select client_id from {_SCOPE})"
    return EcosystemInput(
        business_date=night.publication.business_date,
        revision=night.publication.revision,
        language=language or language_of(registry[reader].get("language")),
        notes=night.notes(),
        branch=reader,
        client_id=client,
        clients=clients,
        others_least=_others_least(night),
        group=next(iter(night.table("group_total", "where group_id = $group_id", group_id=group)), {}) if group else {},
        ties=night.table(
            "group_link",
            f"where from_id = $client or to_id = $client or (from_id in {ours} and to_id in {ours})",
            client=client,
        ),
        reach=night.inputs.ask("care_ecosystem_page.ecosystem_reach", _OWN, client=client),
        shares=night.inputs.ask("care_ecosystem_page.ecosystem_share", _OWN, client=client),
        finance=night.inputs.ask("care_ecosystem_page.ecosystem_finance", _OWN, client=client),
        silent=next(iter(night.table("silent_client", _OWN, client=client)), {}),
        targets=night.inputs.ask("care_ecosystem_page.ecosystem_target", _OWN, client=client),
        advice=night.table("offer_advice", f"{_OWN} and peer_group is not null and not is_held", client=client),
        guarantors=_circle(night, client),
        leads=night.table("lead", f"{_OWN} and branch_id = $branch", client=client, branch=reader),
        withheld=night.withheld(_OWN, client=client),
    )


def _circle(night: PublishedNight, client: str) -> list[str]:
    """Ids of the clients on the circle of guarantees that the client is on; none where it is on none."""
    own = night.table("guarantee_circle", _OWN, client=client)
    found = [one for row in own for one in str(row["members"] or "").split(", ") if one]
    return found if len(found) > 1 else []


def _lead_of(night: PublishedNight, group: str) -> str:
    found = night.table("group_total", "where group_id = $group_id", group_id=group)
    if not found:
        raise UsageError(
            f"the night of {night.publication.business_date} knows no client and no group {group!r}", "Correct the id."
        )
    return str(found[0]["lead_client_id"])


def _others_least(night: PublishedNight) -> int:
    """Of how many clients of other branches at least a sum is told to a branch: policy."""
    rows = policy(night.publication.profile)["ecosystem_setting"].effective(night.publication.business_date)
    return next(int(str(row["value"])) for row in rows if row["setting"] == "others_least_count")
