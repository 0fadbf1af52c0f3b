"""Campaigns of a published night: what each arm did, and whom a branch may offer to."""

from nightdesk.reading.published_night import PublishedNight, by_key
from nightdesk.render.campaign_figures import CampaignInput, uplift_of


def campaign_input(night: PublishedNight) -> CampaignInput:
    """What a published night says of its campaigns."""
    results = night.inputs.ask("campaign_result")
    return CampaignInput(
        business_date=night.publication.business_date,
        revision=night.publication.revision,
        profile=night.night.profile.name,
        uplifts=tuple(uplift_of(row) for row in results),
        branches={str(row["branch_id"]): row for row in night.source("branch", "branch_id")},
        lists=by_key(night.inputs.ask("campaign_client")),
        staff={str(row["staff_id"]): str(row["name"]) for row in night.source("staff", "staff_id")},
    )
