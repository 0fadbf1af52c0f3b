"""Send: the lists of a published night through the outbox, each at most once, on workday mornings."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace

from nightdesk.business_day import morning_of
from nightdesk.desk import outbox
from nightdesk.desk.publication import Publication
from nightdesk.errors import MailError
from nightdesk.mail.compose import KIND, Envelope, compose_list, list_message_id, list_subject
from nightdesk.mail.message import Mail
from nightdesk.mail.sending import pending_ids, send_pending
from nightdesk.mail.transport import transport_of
from nightdesk.night.rendering import PublishedNight, branch_inputs
from nightdesk.render.inputs import BranchInput
from nightdesk.render.outputs import path_part
from nightdesk.settings import Settings


@dataclass(frozen=True)
class Delivery:
    """One list and what became of it: sent, refused or uncertain."""

    branch_id: str
    message_id: str
    status: str
    detail: str


def send_lists(
    settings: Settings,
    publication: Publication,
    *,
    branches: Sequence[str] | None = None,
    restate: bool = False,
    is_backfill: bool = False,
) -> list[Delivery]:
    """Put the lists into the outbox and send what waits there; nothing on a morning that is no workday.

    Recipients come from the branch registry only. Raises MailError, after all were tried, when one was refused or
    its fate is unknown.
    """
    with PublishedNight(settings, publication) as night:
        morning = morning_of(publication.business_date)
        if not night.calendar().is_workday(morning):
            return []
        hours, minutes = (int(part) for part in settings.deadline.split(":"))
        sent_at = datetime.datetime.combine(morning, datetime.time(hours, minutes), tzinfo=night.night.profile.zone)
        folder = settings.out / str(publication.business_date) / "branch"
        ready: dict[str, tuple[BranchInput, Envelope]] = {}
        for source in branch_inputs(night, branches):
            if not source.branch.get("list_email"):
                continue
            envelope = Envelope(
                profile=publication.profile,
                sender=settings.mail_from,
                recipient=str(source.branch["list_email"]),
                sent_at=sent_at,
                is_backfill=is_backfill,
                link=(folder / path_part(str(source.branch["branch_id"])) / "list.html").as_uri(),
            )
            ready[list_message_id(source, envelope)] = (source, envelope)
        desk = night.night.desk
        with desk.begin() as connection:
            outbox.fill(
                connection,
                [_entry(publication, message_id, *made) for message_id, made in ready.items()],
                restate=restate,
            )

        def compose(item: outbox.Item) -> Mail:
            source, envelope = ready[item.message_id]
            return compose_list(source, replace(envelope, is_backfill=item.is_backfill))

        waiting = [one for one in pending_ids(desk, publication.profile, publication.business_date) if one in ready]
        done = [
            Delivery(one.item.branch_id, one.item.message_id, one.outcome.fate, one.outcome.detail)
            for one in send_pending(desk, waiting, transport_of(settings.transport_url), compose)
        ]
    _complain(publication, done)
    return done


def _entry(publication: Publication, message_id: str, source: BranchInput, envelope: Envelope) -> outbox.Entry:
    return outbox.Entry(
        message_id=message_id,
        profile=publication.profile,
        business_date=publication.business_date,
        branch_id=str(source.branch["branch_id"]),
        kind=KIND,
        revision=publication.revision,
        recipient=envelope.recipient,
        language=source.language,
        subject=list_subject(source, envelope),
        is_restated=source.restated,
        is_backfill=envelope.is_backfill,
    )


def _complain(publication: Publication, done: Sequence[Delivery]) -> None:
    failed = [delivery for delivery in done if delivery.status != "sent"]
    if failed:
        first = failed[0]
        raise MailError(
            f"{len(failed)} of {len(done)} lists of {publication.business_date} did not go out; branch "
            f"{first.branch_id}: {first.status} ({first.detail})",
            "The night is published. See `nightdesk outbox list`; settle each with `nightdesk outbox resolve`, then "
            f"`nightdesk outbox send --date {publication.business_date}`.",
        )
