"""The sheet of each announced draw that is a task: `client/<client>/gate_<request>.html`, and `.pdf` beside it."""

from collections.abc import Iterator
from functools import partial

from nightdesk.night.page_kind import Page, Pages, client_page
from nightdesk.reading.gating import gate_rules
from nightdesk.reading.published_night import by_key
from nightdesk.render.catalogue import language_of
from nightdesk.render.client_page import render_client_page
from nightdesk.render.gate_sheet import GateInput, gate_page


def pages(night: Pages) -> Iterator[Page]:
    """One of each draw that tonight's lists ask about."""
    published = night.night
    publication = published.publication
    asked = {row["subject"] for row in published.table("task", "where kind = 'draw_gate'")}
    if not asked:
        return
    items = by_key(published.table("draw_gate"), "request_id")
    requests = {row["request_id"]: row for row in published.source("draw_request", "request_id")}
    registry = {row["branch_id"]: row for row in published.source("branch", "branch_id")}
    clients = {row["client_id"]: row for row in published.source("client", "client_id")}
    rules = gate_rules(publication)

    def html(request: str) -> str:
        rows = items[request]
        branch = registry.get(rows[0]["branch_id"], {})
        return render_client_page(
            gate_page(
                GateInput(
                    business_date=publication.business_date,
                    revision=publication.revision,
                    language=language_of(branch.get("language")),
                    notes=night.notes,
                    items=rows,
                    client=clients.get(rows[0]["client_id"], {}),
                    request=requests.get(request, {}),
                    rules=rules,
                )
            )
        )

    for request in sorted(asked & set(items)):
        client = str(items[request][0]["client_id"])
        yield client_page("gate", client, partial(html, request), publication.business_date, request)
