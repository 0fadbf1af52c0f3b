"""Mails beside the outbox, which is the lists': each leaves once a revision, and one that cannot keeps no list waiting.

The audit trail holds what went to whom, so that a run again sends nobody the same twice.
"""

import hashlib
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import select

from nightdesk.clock import now
from nightdesk.desk import audit
from nightdesk.desk.only_added import audit as trail
from nightdesk.desk.publication import Publication
from nightdesk.mail.message import Mail, build_message
from nightdesk.mail.outcome import Transport
from nightdesk.mail.transport import transport_of
from nightdesk.reading.published_night import PublishedNight
from nightdesk.render.catalogue import Language
from nightdesk.settings import Settings

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Letter:
    """A mail: to whom, about what (`key`: of several to one address), and what makes its subject, text and HTML."""

    recipient: str
    language: Language
    make: Callable[[], tuple[str, str, str]]
    key: str = ""


@dataclass(frozen=True)
class Told:
    """One address, and what became of the mail to it: sent, refused, deferred, uncertain, or already."""

    recipient: str
    fate: str


def send_once(
    settings: Settings, night: PublishedNight, act: str, subject: str, letters: Iterable[Letter]
) -> list[Told]:
    """Send each letter of a night's revision once; `act` and `subject` are what the trail calls it.

    Never raises for what the mail server does: the log says who was not told.
    """
    transport, before = transport_of(settings.transport_url), _told_before(night, act)
    return [
        Told(one.recipient, "already") if _key(one) in before else _tell(settings, night, act, subject, one, transport)
        for one in letters
    ]


def _tell(
    settings: Settings, night: PublishedNight, act: str, subject: str, letter: Letter, transport: Transport
) -> Told:
    publication = night.publication
    parts = (publication.profile, publication.business_date, publication.revision, letter.key, letter.recipient)
    seed = "|".join(str(part) for part in parts if part != "")
    line, text, html = letter.make()
    message = build_message(
        Mail(
            message_id=f"<{subject}.{hashlib.sha256(seed.encode()).hexdigest()[:24]}@nightdesk>",
            sender=settings.mail_from,
            recipient=letter.recipient,
            subject=line,
            language="zh-CN" if letter.language == "zh_CN" else "en",
            text=text,
            html=html,
            sent_at=now().astimezone(night.night.profile.zone),
        )
    )
    outcome = transport.deliver(message)
    if outcome.fate != "sent":
        _LOG.error("%s of %s did not reach everybody (%s)", subject, publication.business_date, outcome.fate)
        return Told(letter.recipient, outcome.fate)
    with night.night.desk.begin() as connection:
        audit.record(connection, _act(act, subject, letter, publication))
    return Told(letter.recipient, outcome.fate)


def _act(act: str, subject: str, letter: Letter, publication: Publication) -> audit.Act:
    return audit.Act(
        act=act,
        who="nightdesk",
        subject=subject,
        subject_key=_key(letter),
        profile=publication.profile,
        business_date=publication.business_date,
        revision=publication.revision,
    )


def _key(letter: Letter) -> str:
    """A letter as the trail holds it: to be recognised, not to be read."""
    seed = f"{letter.key}|{letter.recipient}" if letter.key else letter.recipient
    return hashlib.sha256(seed.encode()).hexdigest()[:16]


def _told_before(night: PublishedNight, act: str) -> set[str]:
    publication = night.publication
    query = select(trail.c.subject_key).where(
        trail.c.act == act,
        trail.c.profile == publication.profile,
        trail.c.business_date == publication.business_date,
        trail.c.revision == publication.revision,
    )
    with night.night.desk.connect() as connection:
        return {str(row.subject_key) for row in connection.execute(query)}
