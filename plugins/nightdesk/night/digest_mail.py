"""The digest as a mail to head office: risk people there by the registry, and the operators. Only where told to.

It goes beside the outbox, which is the branches': one that cannot be delivered keeps no list waiting. The audit trail
holds to whom a revision went, so that a run again sends nobody the same twice.
"""

import hashlib
import logging
from dataclasses import dataclass

from sqlalchemy import select

from nightdesk.business_day import morning_of
from nightdesk.clock import now
from nightdesk.desk import audit
from nightdesk.desk.only_added import audit as trail
from nightdesk.desk.publication import Publication
from nightdesk.mail.message import Mail, build_message
from nightdesk.mail.outcome import Transport
from nightdesk.mail.transport import transport_of
from nightdesk.mailboxes import read_mailboxes
from nightdesk.reading.digest import digest_input, digest_language, head_office_risk
from nightdesk.reading.published_night import PublishedNight
from nightdesk.render.branch import inlined
from nightdesk.render.catalogue import Language, catalogue
from nightdesk.render.digest import DigestInput, digest_text, render_digest
from nightdesk.settings import Settings

_LOG = logging.getLogger(__name__)
_ACT = "digest_sent"


@dataclass(frozen=True)
class Told:
    """One address, and what became of the mail to it: sent, refused, deferred, uncertain, or already."""

    recipient: str
    fate: str


def send_digest(settings: Settings, publication: Publication, *, is_backfill: bool = False) -> list[Told]:
    """Mail a night's digest to each address once a revision; nobody on a morning that is no workday, or of no address.

    Never raises for what the mail server does: the log says who was not told, and the lists do not wait for it.
    """
    with PublishedNight(settings, publication) as night:
        if not night.calendar().is_workday(morning_of(publication.business_date)):
            return []
        found = (box for text in head_office_risk(night) for box in read_mailboxes(text).addresses)
        recipients = sorted({*found, *settings.operators})
        if not recipients:
            return []
        made, language = digest_input(night, night.notes()), digest_language(night)
        transport = transport_of(settings.transport_url)
        before = _told_before(night, publication)
        return [
            Told(one, "already")
            if _key(one) in before
            else _tell(settings, night, one, made, language, transport, is_backfill=is_backfill)
            for one in recipients
        ]


def _tell(
    settings: Settings,
    night: PublishedNight,
    recipient: str,
    made: DigestInput,
    language: Language,
    transport: Transport,
    *,
    is_backfill: bool,
) -> Told:
    publication, t = night.publication, catalogue(language)
    seed = f"{publication.profile}|{publication.business_date}|{publication.revision}|{recipient}"
    mark = f"[{t('mail.backfill', date=publication.business_date.isoformat())}] " if is_backfill else ""
    message = build_message(
        Mail(
            message_id=f"<digest.{hashlib.sha256(seed.encode()).hexdigest()[:24]}@nightdesk>",
            sender=settings.mail_from,
            recipient=recipient,
            subject=f"{mark}{t('digest.subject', date=publication.business_date, n=publication.revision)}",
            language="zh-CN" if language == "zh_CN" else "en",
            text=digest_text(made, language),
            html=inlined(render_digest(made, language)),
            sent_at=now().astimezone(night.night.profile.zone),
        )
    )
    outcome = transport.deliver(message)
    if outcome.fate != "sent":
        _LOG.error("head office was not told of %s (%s)", publication.business_date, outcome.fate)
        return Told(recipient, outcome.fate)
    act = audit.Act(
        act=_ACT,
        who="nightdesk",
        subject="digest",
        subject_key=_key(recipient),
        profile=publication.profile,
        business_date=publication.business_date,
        revision=publication.revision,
    )
    with night.night.desk.begin() as connection:
        audit.record(connection, act)
    return Told(recipient, outcome.fate)


def _key(recipient: str) -> str:
    """An address as the trail holds it: to be recognised, not to be read."""
    return hashlib.sha256(recipient.encode()).hexdigest()[:16]


def _told_before(night: PublishedNight, publication: Publication) -> set[str]:
    query = select(trail.c.subject_key).where(
        trail.c.act == _ACT,
        trail.c.profile == publication.profile,
        trail.c.business_date == publication.business_date,
        trail.c.revision == publication.revision,
    )
    with night.night.desk.connect() as connection:
        return {str(row.subject_key) for row in connection.execute(query)}
