"""A page per client with a plan of contingency and exit: `client/<client>/exit_plan.html`, and `.pdf` beside it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

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
                people=people_of(plan, owners.get(client, {}), staff, registry, publication.business_date),
            )
        )

    for plan in plans:
        yield client_page("exit_plan", plan["client_id"], partial(render, plan), publication.business_date)


def _named(row: dict[str, Any], clients: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """A guarantor with its name, whosever client it is: the guarantee that the branch holds names it."""
    if row["guarantor_id"] not in clients:
        return row
    return row | {"name": client_name(clients[row["guarantor_id"]], full=False)}


def people_of(
    plan: Mapping[str, Any],
    owner: Mapping[str, Any],
    staff: Sequence[Mapping[str, Any]],
    registry: Mapping[str, Mapping[str, Any]],
    day: date,
) -> tuple[tuple[str, str], ...]:
    """(role, name) of whom to turn to: who looks after the client, its branch's head, and the nearest people of risk:
    those of its branch, else of the office above it, and so on. `registry`: rows of branch by id.
    """
    there = [row for row in staff if is_at_work(row, day)]
    managers = {owner.get("owner_id"), owner.get("deputy_id")} - {None}
    found = [("rm", row["name"]) for row in there if row["staff_id"] in managers]
    own = plan["branch_id"]
    found += [("branch_head", row["name"]) for row in there if (row["role"], row["branch_id"]) == ("branch_head", own)]
    for office in _upwards(own, registry):
        if risk := [("risk", row["name"]) for row in there if (row["role"], row["branch_id"]) == ("risk", office)]:
            return tuple(dict.fromkeys(found + risk))
    return tuple(dict.fromkeys(found))


def _upwards(branch: str, registry: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """A branch and each office above it; a registry that goes in a circle ends where it began."""
    offices: list[str] = []
    at: str | None = branch
    while at is not None and at not in offices:
        offices.append(at)
        at = registry.get(at, {}).get("parent_branch_id")
    return offices
