"""A page per client with a plan of contingency and exit: `client/<client>/exit_plan.html`, and `.pdf` beside it."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from nightdesk.desk.publication import Publication
from nightdesk.night.page_kind import Page, Pages, client_page
from nightdesk.reading.assessment import list_notes
from nightdesk.reading.exit_rules import exit_rules
from nightdesk.reading.people import is_at_work
from nightdesk.reading.published_night import by_key
from nightdesk.render.catalogue import language_of
from nightdesk.render.exit_plan import render_exit_plan
from nightdesk.render.exit_source import ExitInput
from nightdesk.render.masking import client_name

_BESIDE = ("exit_collateral", "exit_guarantor", "exit_date")


def pages(night: Pages) -> Iterator[Page]:
    """The plan of each client whose stage asks for one; what all of them need is read once."""
    published = night.night
    publication = published.publication
    plans = published.table("exit_plan")
    if not plans:
        return
    notes = list_notes(night.notes, published.feeds(), published.colouring())
    rules = exit_rules(publication)
    rows = {name: by_key(published.table(name), "client_id") for name in _BESIDE}
    steps = by_key(published.inputs.ask("tasks_exit_plan.step"), "client_id")
    told = {row["client_id"] for row in plans}
    told |= {row["guarantor_id"] for found in rows["exit_guarantor"].values() for row in found}
    ours, of = "where list_contains($told, client_id)", {"told": sorted(told)}
    signals = by_key(published.inputs.ask("branch_signal", ours, **of), "client_id")
    owners = {row["client_id"]: row for row in published.table("client_owner", ours, **of)}
    registry = {row["branch_id"]: row for row in published.source("branch", "branch_id")}
    staff = published.source("staff", "staff_id")
    clients = {row["client_id"]: row for row in published.source("client", "client_id", ours, **of)}

    def render(plan: dict[str, Any]) -> str:
        client, branch = plan["client_id"], registry.get(plan["branch_id"], {})
        return render_exit_plan(
            ExitInput(
                business_date=publication.business_date,
                revision=publication.revision,
                plan=plan,
                language=language_of(branch.get("language")),
                notes=notes,
                rules=rules,
                client=clients.get(client, {}),
                branch=branch,
                signals=signals.get(client, []),
                collaterals=rows["exit_collateral"].get(client, []),
                guarantors=[_named(row, clients) for row in rows["exit_guarantor"].get(client, [])],
                dates=rows["exit_date"].get(client, []),
                steps=steps.get(client, []),
                people=_people(plan, owners.get(client, {}), staff, publication),
            )
        )

    for plan in plans:
        yield client_page("exit_plan", plan["client_id"], partial(render, plan), publication.business_date)


def _named(row: dict[str, Any], clients: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """A guarantor with its name, whosever client it is: the guarantee that the branch holds names it."""
    if row["guarantor_id"] not in clients:
        return row
    return row | {"name": client_name(clients[row["guarantor_id"]], full=False)}


def _people(
    plan: dict[str, Any], owner: Mapping[str, Any], staff: list[dict[str, Any]], publication: Publication
) -> tuple[tuple[str, str], ...]:
    """(role, name) of whom to turn to: who looks after the client, the head and the risk people of its branch."""
    day = publication.business_date
    there = [row for row in staff if is_at_work(row, day)]
    managers = {owner.get("owner_id"), owner.get("deputy_id")} - {None}
    found = [("rm", row["name"]) for row in there if row["staff_id"] in managers]
    for role in ("branch_head", "risk"):
        found += [(role, row["name"]) for row in there if row["role"] == role and row["branch_id"] == plan["branch_id"]]
    return tuple(dict.fromkeys(found))
