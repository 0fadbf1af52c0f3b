"""The asset that a published night is: DAGs that go on from it are started by it, and told its business date."""

from collections.abc import Mapping
from typing import Any

from airflow.sdk import Asset, get_current_context

#: a night that is published; its event carries profile, business_date and revision
PUBLISHED_NIGHT = Asset(name="nightdesk_published_night", uri="nightdesk://published_night")


def tell_published(reference: Mapping[str, Any]) -> None:
    """Give the event of the task at hand what it is about."""
    context: Any = get_current_context()
    context["outlet_events"][PUBLISHED_NIGHT].extra = {
        name: reference[name] for name in ("profile", "business_date", "revision")
    }


def published_of_event() -> dict[str, Any] | None:
    """What the newest event that started this run is about; None of a run that a person started."""
    events = get_current_context().get("triggering_asset_events") or {}
    told: list[dict[str, Any]] = [dict(event.extra) for found in events.values() for event in found if event.extra]
    return max(told, key=lambda one: (one["business_date"], one["revision"])) if told else None
