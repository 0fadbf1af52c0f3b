"""Send: the lists of a published night through the outbox, each at most once, on workday mornings."""

import datetime
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from nightdesk.business_day import morning_of
from nightdesk.clock import now
from nightdesk.desk import outbox
from nightdesk.desk.filling import Listing, fill
from nightdesk.desk.publication import Publication
from nightdesk.errors import MailError
from nightdesk.mail.compose import (
    ESCALATION,
    KIND,
    PERSON,
    Body,
    Envelope,
    list_message_id,
    list_subject,
    mail_of,
)
from nightdesk.mail.message import Mail
from nightdesk.mail.operators import tell
from nightdesk.mail.patience import Patience, patience_until
from nightdesk.mail.sending import Handover, Outdated, pending, send_pending
from nightdesk.mail.transport import transport_of
from nightdesk.mailboxes import Mailboxes, read_mailboxes
from nightdesk.night.each import first_of
from nightdesk.night.escalating import passed_on
from nightdesk.night.pages import kept_bodies, kept_parts
from nightdesk.night.persons import recipients
from nightdesk.night.receipts import receipts
from nightdesk.reading.addressing import mailboxes_of
from nightdesk.reading.published_night import PublishedNight
from nightdesk.settings import Settings


@dataclass(frozen=True)
class Delivery:
    """One list for one recipient and what became of it: sent, refused, uncertain, or pending (not delivered yet)."""

    branch_id: str
    message_id: str
    status: str
    detail: str
    recipient: str = ""
    kind: str = KIND


@dataclass(frozen=True)
class _Made:
    """One mail that is to leave: what it says, in which envelope, and for whom."""

    body: Body
    envelope: Envelope
    to: Mailboxes


class _Lists:
    """A night's mails by branch and kind: whole lists, people's own, and what was passed on; none on a morning that is
    no workday.
    """

    def __init__(
        self, settings: Settings, night: PublishedNight, branches: Sequence[str] | None, *, is_backfill: bool
    ) -> None:
        self._publication = night.publication
        morning, bank = morning_of(night.publication.business_date), night.night.profile
        self.deadline = datetime.datetime.combine(morning, datetime.time.fromisoformat(bank.deadline), tzinfo=bank.zone)
        self._made: dict[tuple[str, str], _Made] = {}
        self._unmade: list[tuple[str, str]] = []
        #: what was passed on to a level of a branch at which nobody has an address
        self.unreached: dict[str, dict[str, int]] = {}
        if not night.calendar().is_workday(morning):
            return
        to, own = mailboxes_of(settings, night.publication), recipients(night)
        wanted = list(to) if branches is None else list(branches)
        self._envelope = Envelope(
            profile=night.publication.profile,
            sender=settings.mail_from,
            recipient="",
            sent_at=now().astimezone(bank.zone),
            # what waited through a silent backfill is a backfill's list, whoever sends it
            is_backfill=is_backfill or night.night.attempt.backfill_id is not None,
        )
        people = [person for branch in wanted for person in own.of(branch)]
        shared = [branch for branch in wanted if to.get(branch) and (branch in own.shared or not own.of(branch))]
        bodies: dict[tuple[str, str], Body] = {
            (branch, KIND): body for branch, body in kept_bodies(night, shared).items()
        }
        parts = kept_parts(night, people) if people else {}
        bodies |= {(branch, f"{PERSON}{person}"): body for (branch, person), body in parts.items()}
        addresses = {(one.branch_id, f"{PERSON}{one.staff_id}"): read_mailboxes(one.email) for one in people}
        addresses |= {(branch, KIND): to[branch] for branch in shared}
        passed, self.unreached = passed_on(night, own, None if branches is None else wanted)
        for one in passed:
            key = (one.person.home_branch_id, f"{ESCALATION}{one.person.staff_id}")
            bodies[key], addresses[key] = one.body, Mailboxes((one.person.address,))
        # a backfill tells nobody of mails that a night read long ago
        for note in [] if self._envelope.is_backfill else receipts(night, None if branches is None else wanted):
            key = (note.body.branch_id, note.kind)
            bodies[key], addresses[key] = note.body, note.to
        for (branch, kind), boxes in addresses.items():
            body = bodies.get((branch, kind))
            if body is None:
                self._unmade.append((branch, kind))
            else:
                self._made[branch, kind] = _Made(body, replace(self._envelope, kind=kind), boxes)

    def enter(self, connection: Connection, *, restate: bool) -> list[Delivery]:
        """Put them into the outbox; returns those that it cannot take, each of which costs itself only."""
        failed = [
            Delivery(branch, "", "refused", "its list could not be rendered", kind=kind)
            for branch, kind in self._unmade
        ]
        for (branch, kind), made in self._made.items():
            try:
                with connection.begin_nested():
                    fill(connection, _listing(self._publication, made), restate=restate)
            except DBAPIError as error:  # an id that the database takes for no text, or for too long a one
                if error.connection_invalidated:
                    raise
                detail = f"not entered in the outbox: {type(error.orig).__name__}"
                known_as = list_message_id(made.body, made.envelope)
                failed.append(Delivery(branch, known_as, "refused", detail, kind=kind))
        return failed

    def waiting(self, connection: Connection, message_ids: Collection[str] | None) -> list[outbox.Item]:
        """Those of them that wait in the outbox, or of the named ones."""
        return [
            item
            for item in pending(connection, self._publication.profile, self._publication.business_date)
            if (item.branch_id, item.kind) in self._made
            and item.revision == self._publication.revision
            and (message_ids is None or item.message_id in message_ids)
        ]

    def compose(self, item: outbox.Item) -> Mail:
        """The mail of an outbox row, under the id that it was entered with, whatever the sender is called now.

        Raises Outdated where another run corrected the list while this one waited: the row is to say what was sent.
        """
        made = self._made[item.branch_id, item.kind]
        body, envelope = made.body, made.envelope
        if item.content_digest != body.content_digest:
            raise Outdated(
                "the list was corrected while its sender waited; the former text was not sent",
                f"Run `nightdesk outbox send --date {item.business_date}`.",
            )
        sent_at = now().astimezone(envelope.sent_at.tzinfo)
        mail = mail_of(body, replace(envelope, recipient=item.recipient, is_backfill=item.is_backfill, sent_at=sent_at))
        return replace(mail, message_id=item.message_id)


def plan_lists(
    settings: Settings,
    publication: Publication,
    *,
    branches: Sequence[str] | None = None,
    message_ids: Collection[str] | None = None,
    restate: bool = False,
) -> list[outbox.Item]:
    """What send_lists would try to send; changes nothing."""
    with PublishedNight(settings, publication) as night:
        lists = _Lists(settings, night, branches, is_backfill=False)
        with night.night.desk.connect() as connection:
            lists.enter(connection, restate=restate)
            found = lists.waiting(connection, message_ids)
            connection.rollback()
    return found


def send_lists(
    settings: Settings,
    publication: Publication,
    *,
    branches: Sequence[str] | None = None,
    message_ids: Collection[str] | None = None,
    restate: bool = False,
    is_backfill: bool = False,
    patience: Patience | None = None,
) -> list[Delivery]:
    """Put the lists of some branches (all by default) into the outbox and send what waits there.

    Nothing is sent on a morning that is no workday, and only the named messages where `message_ids` are given.
    Recipients come from the branch registry only. What certainly was not delivered is tried again as long as
    `patience` lasts; by default as the settings say, and never past the morning's deadline. Raises MailError, after
    all were tried, unless every list of these branches is out.
    """
    transport = transport_of(settings.transport_url)
    with PublishedNight(settings, publication) as night:
        desk = night.night.desk
        lists = _Lists(settings, night, branches, is_backfill=is_backfill)
        with desk.begin() as connection:
            done = lists.enter(connection, restate=restate)
            waiting = [item.message_id for item in lists.waiting(connection, message_ids)]
        usual = patience_until(lists.deadline, settings.mail_retry_seconds, settings.mail_patience_minutes)
        sent = send_pending(desk, waiting, transport, lists.compose, patience=patience or usual)
        done += [delivery_of(one) for one in sent]
        _tell_unreached(settings, publication, lists.unreached)
    _require_all_out(desk, publication, branches, done)
    return done


def _tell_unreached(settings: Settings, publication: Publication, lost: Mapping[str, Mapping[str, int]]) -> None:
    """Tell operators which reds were passed on to nobody: the registry lacks somebody, or an address."""
    if lost:
        named = "; ".join(
            f"{branch} {', '.join(f'{level} {count}' for level, count in sorted(levels.items()))}"
            for branch, levels in sorted(lost.items())
        )
        tell(settings, "unreached", None, {"date": str(publication.business_date), "unreached": named[:2_000]})


def _listing(publication: Publication, made: _Made) -> Listing:
    body, envelope = made.body, made.envelope
    entry = outbox.Entry(
        message_id=list_message_id(body, envelope),
        profile=publication.profile,
        business_date=publication.business_date,
        branch_id=body.branch_id,
        kind=envelope.kind,
        revision=publication.revision,
        recipient="",
        language=body.language,
        subject=list_subject(body, envelope),
        is_restated=body.is_restated,
        is_backfill=envelope.is_backfill,
        content_digest=body.content_digest,
    )
    return Listing(entry, made.to, lambda copy: list_message_id(body, envelope, copy))


def delivery_of(one: Handover) -> Delivery:
    """What became of a message that was handed over."""
    status = "pending" if one.outcome.fate == "deferred" else one.outcome.fate
    return Delivery(
        one.item.branch_id, one.item.message_id, status, one.outcome.detail, one.item.recipient, one.item.kind
    )


def _require_all_out(
    desk: Engine, publication: Publication, branches: Sequence[str] | None, done: Sequence[Delivery]
) -> None:
    """Raises MailError unless nothing of these branches' lists is refused, waiting, or of unknown fate.

    Asked of the outbox, whatever this call sent: what an earlier one left open is as much a gap this morning.
    """
    with desk.connect() as connection:
        rows = outbox.unsettled(connection, publication.profile, publication.business_date)
    is_asked = set(branches) if branches is not None else None
    lacking = [(r.branch_id, r.status, r.detail) for r in rows if is_asked is None or r.branch_id in is_asked]
    known = {row.message_id for row in rows}
    lacking += [
        (one.branch_id, one.status, one.detail)
        for one in done  # a receipt is no list
        if one.status == "refused" and one.message_id not in known and outbox.is_list(one.kind)
    ]
    if not lacking:
        return
    counts = Counter(status for _, status, _ in lacking)
    named = first_of([f"branch {branch} is {status} ({detail or 'not tried'})" for branch, status, detail in lacking])
    error = MailError(
        f"the lists of {publication.business_date} are not all out "
        f"({', '.join(f'{n} {status}' for status, n in sorted(counts.items()))}): {named}",
        f"The night is published. {_remedy(publication, counts)}",
    )
    error.is_final = not (counts["pending"] or counts["sending"])  # what a server refused it refuses again
    raise error


def _remedy(publication: Publication, counts: Counter[str]) -> str:
    day = publication.business_date
    again = f"nightdesk outbox send --date {day}"
    steps = []
    if counts["refused"]:
        steps.append(
            "Refused: correct the address (branch.list_email; it comes with the next night's registry), or mend the "
            f"cause and run `nightdesk outbox resolve --date {day} --status refused --as resend --yes`, then `{again}`."
        )
    if counts["uncertain"] or counts["sending"]:
        steps.append(
            f"Uncertain: ask the branch, then `nightdesk outbox resolve ID --as sent`, or `--as resend` and `{again}`."
        )
    if counts["pending"]:
        steps.append(f"Pending: run `{again}` when the mail server answers; nothing is sent twice.")
    return " ".join(steps)
