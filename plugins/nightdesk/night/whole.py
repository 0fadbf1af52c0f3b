"""A whole night without an orchestrator: the same steps that the DAG's tasks call, one after the other."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from nightdesk.desk.publication import Publication
from nightdesk.mail.transport import transport_of
from nightdesk.night.checking import check
from nightdesk.night.computing import COMPUTED, compute
from nightdesk.night.extraction import extract
from nightdesk.night.opening import ledgered, open_night
from nightdesk.night.publishing import publish
from nightdesk.night.rendering import render_night
from nightdesk.night.sending import Delivery, send_lists
from nightdesk.settings import Settings

#: told which step begins and, when it is done, how many rows it made
Progress = Callable[[str, int | None], None]


@dataclass(frozen=True)
class NightResult:
    """What one night came to. `is_new` is false when the content equals the standing revision's."""

    publication: Publication
    is_new: bool
    rows: dict[str, int]
    deliveries: list[Delivery]


def _silent(_step: str, _rows: int | None) -> None:
    """Progress that nobody watches."""


def run_night(
    settings: Settings,
    business_date: datetime.date,
    *,
    profile: str | None = None,
    source: str | None = None,
    known_at: datetime.datetime | None = None,
    send: bool = False,
    restate: bool = False,
    backfill_id: int | None = None,
    progress: Progress | None = None,
) -> NightResult:
    """Run one night from open to render, and send its lists when told to.

    Raises the NightdeskError of the step that failed; nothing is published then, and the ledger says why.
    """
    say = progress or (_silent)
    if send:
        transport_of(settings.transport_url)  # an address of no use is said before the night, not after it
    night = open_night(
        settings, business_date, profile=profile, source=source, known_at=known_at, backfill_id=backfill_id
    )
    rows: dict[str, int] = {}
    with ledgered(night):
        say("extract", None)
        rows["extract"] = sum(extract(night, source).values())
        say("extract", rows["extract"])
        say("check", None)
        rows["check"] = check(night)
        say("check", rows["check"])
        for layer in COMPUTED:
            say(layer, None)
            rows[layer] = sum(compute(night, layer).values())
            say(layer, rows[layer])
        say("publish", None)
        published, is_new = publish(night)
    say("publish", published.revision)
    say("render", None)
    rows["render"] = render_night(settings, published)
    say("render", rows["render"])
    deliveries: list[Delivery] = []
    if send:
        say("send", None)
        deliveries = send_lists(settings, published, restate=restate, is_backfill=backfill_id is not None)
        say("send", len(deliveries))
    return NightResult(published, is_new, rows, deliveries)
