"""Campaigns of a published night: what each arm did, and whom a branch may offer to."""

from decimal import Decimal
from typing import Any

from nightdesk.reading.published_night import PublishedNight, by_key
from nightdesk.render.campaign_figures import CampaignInput, uplift_of


def campaign_input(night: PublishedNight) -> CampaignInput:
    """What a published night says of its campaigns."""
    results = sorted(night.inputs.ask("tasks_campaigning.result"), key=lambda row: (row["starts_on"], row["campaign"]))
    return CampaignInput(
        business_date=night.publication.business_date,
        revision=night.publication.revision,
        profile=night.night.profile.name,
        uplifts=tuple(uplift_of(row) for row in reversed(results)),
        branches={str(row["branch_id"]): row for row in night.source("branch", "branch_id")},
        lists=by_key(sorted(night.inputs.ask("tasks_campaigning.reached"), key=_free_first)),
        staff={str(row["staff_id"]): str(row["name"]) for row in night.source("staff", "staff_id")},
    )


def _free_first(row: dict[str, Any]) -> tuple[str, int, Decimal, str]:
    """Who may be offered to first, the best score ahead; then who cannot be judged, waits, was asked, has bought."""
    states = ("bought_on", "offered_on", "suppressed_by", "not_assessed")
    place = next((len(states) - at for at, state in enumerate(states) if row[state]), 0)
    return row["campaign"], place, -(row["score"] or Decimal(0)), row["client_id"]
