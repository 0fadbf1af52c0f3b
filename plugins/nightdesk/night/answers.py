"""The mailbox of answers, read when a night begins: what staff reply counts, and nothing of it can stop the night.

An answer counts from when its mail had come, but never for a night that has run: one whose mail was not read then
counts for the next. A night that is replayed reads no mail.
"""

import datetime
import json
import logging
from collections.abc import Collection, Mapping
from contextlib import ExitStack

from nightdesk.attempt.opening import Night
from nightdesk.card_code import codes_in, without_codes
from nightdesk.clock import now
from nightdesk.desk import read_mails
from nightdesk.desk.read_mails import ReadMail
from nightdesk.entering.answer_file import read_answers
from nightdesk.entering.answering import AnswerDesk, answer_desk
from nightdesk.entering.answers import Answer, Taken, answer_begun
from nightdesk.errors import NightdeskError, Refused
from nightdesk.failures import reduced
from nightdesk.inbox.incoming import Incoming, mails_of
from nightdesk.inbox.message import Said, said_in
from nightdesk.mail.operators import tell
from nightdesk.night.stepping import Progress, step
from nightdesk.render.masking import masked_address

#: the part of the step `extract` that reads the mailbox
MAILBOX = "mailbox"
_LOG = logging.getLogger(__name__)
_JUST = datetime.timedelta(microseconds=1)
_LONGEST_DETAIL, _MOST_LINES = 2_000, 200


def take_mailbox(night: Night, say: Progress | None = None) -> None:
    """Read what has come and take what counts: a part of the step `extract`, and with it in the ledger.

    What cannot be read is told in the log, the ledger and to operators. `say` is told when it begins, and how many
    mails were read; nothing is noted of a night that reads no mail.
    """
    url = night.settings.feedback_url
    if not url or night.attempt.backfill_id is not None or night.attempt.landing_attempt_id is not None:
        return
    with night.desk.connect() as connection:
        after, is_behind = read_mails.newest_cut_off_before(connection, night.profile.name, night.business_date)
        known = read_mails.keys_by_place(connection, night.profile.name)
    if is_behind or after is None:
        return  # later nights have run, or none has: no list is out that could be answered
    if say:
        say(MAILBOX, None)
    with step(night, "extract", MAILBOX) as taken:
        done, failed = _read(night, url, known, after)
        taken.rows, taken.message = len(done), failed[:500]
    if say:
        say(MAILBOX, len(done))
    _tell(night, done, failed)


def _read(
    night: Night, url: str, known: Mapping[str, Collection[str]], after: datetime.datetime
) -> tuple[list[ReadMail], str]:
    """The mails that were read, and why not all were; empty where they were."""
    failed = ""
    done: list[ReadMail] = []
    try:
        with ExitStack() as whole:
            reader: _Reader | None = None
            for mail in mails_of(url, known):
                if reader is None:
                    reader = _Reader(night, whole.enter_context(answer_desk(night.settings, night.profile.name)), after)
                done.append(reader.read(mail))
    except NightdeskError as error:
        failed = error.what
    except Exception as error:  # noqa: BLE001  # whatever a mailbox does, the night goes on
        failed = f"{type(error).__name__}: {reduced(error)}" if isinstance(error, OSError) else type(error).__name__
    if failed:
        _LOG.warning("the mailbox of answers was not read to its end: %s", failed)
        with night.desk.begin() as connection:
            place = now().isoformat()
            read_mails.note(
                connection,
                ReadMail(night.profile.name, place, "", "", night.attempt.attempt_id, "failed", detail=failed[:500]),
            )
    return done, failed


class _Reader:
    """Reads mails against one opened desk."""

    def __init__(self, night: Night, desk: AnswerDesk, after: datetime.datetime) -> None:
        self._night, self._desk, self._after = night, desk, after
        self._people = _people(desk)
        self._names = {row["staff_id"]: row["name"] for row in desk.staff}

    def read(self, mail: Incoming) -> ReadMail:
        """What a mail comes to, written down once it is taken."""
        if mail.content is None:
            return self._note(mail, Said("unreadable", f"<{mail.key}@{mail.place}>"), "too_large")
        said = said_in(mail.content)
        with self._night.desk.connect() as connection:
            if read_mails.is_read(connection, self._night.profile.name, said.message_id):
                return self._note(mail, said, "again")
        if said.kind == "bounce":
            return self._bounce(mail, said)
        if said.kind != "reply":
            return self._note(mail, said, said.kind)
        person = self._people.get(said.sender.casefold())
        if person is None:
            return self._note(mail, said, "stranger")
        taken = self._taken(mail, said, person)
        refused = [one for one in taken if one.state == "refused"]
        name = self._names[person]
        why = "\n".join(f"{name} {one.number}{' ' + one.code if one.code else ''}: {one.said}" for one in refused)
        # what was refused comes first: of a long reply a receipt can do without the rest
        told = [*refused, *(one for one in taken if one.state != "refused")][:_MOST_LINES]
        lines = json.dumps([[one.number, one.code, one.state, one.why, one.answered_for, one.is_away] for one in told])
        return self._note(mail, said, "reply", person, len(taken) - len(refused), len(refused), why, lines)

    def _taken(self, mail: Incoming, said: Said, person: str) -> list[Taken]:
        instant = now()
        arrived = min(mail.arrived_at or instant, instant)
        at = max(arrived, self._after + _JUST)
        source = f"mail {said.message_id}"[:200]
        found: list[Taken] = []
        for content in said.files:
            try:
                # whoever writes the mail answers: a file cannot speak for others
                answers = [_by(one, person) for one in read_answers(content)]
            except Refused as error:
                found.append(Taken(0, "", "refused", str(error), "file"))
                continue
            found += self._desk.take(answers, source=source, at=at)
        if said.line:
            found += self._desk.take(_of_line(said.line, person), source=source, at=at)
        return found

    def _bounce(self, mail: Incoming, said: Said) -> ReadMail:
        """A mail that came back counts where the lists were mailed to that address."""
        with self._night.desk.connect() as connection:
            ours = read_mails.mailed_to(connection, self._night.profile.name, said.bounced)
        named = "; ".join(f"{branch} {masked_address(address)}" for address, branch in sorted(ours.items()))
        return self._note(mail, said, "bounce" if ours else "automatic", detail=named)

    def _note(
        self,
        mail: Incoming,
        said: Said,
        kind: str,
        person: str | None = None,
        taken: int = 0,
        refused: int = 0,
        detail: str = "",
        lines: str = "",
    ) -> ReadMail:
        made = ReadMail(
            self._night.profile.name,
            mail.place[:500],
            mail.key[:500],
            said.message_id,
            self._night.attempt.attempt_id,
            kind,
            person,
            taken,
            refused,
            detail[:_LONGEST_DETAIL],
            lines,
        )
        with self._night.desk.begin() as connection:
            read_mails.note(connection, made)
        return made


def _people(desk: AnswerDesk) -> Mapping[str, str]:
    """Staff by their addresses; an address of two people is nobody's."""
    found: dict[str, str] = {}
    shared = set()
    for row in desk.staff:
        address = str(row.get("email") or "").strip().casefold()
        if address in found:
            shared.add(address)
        found[address] = str(row["staff_id"])
    return {address: person for address, person in found.items() if address and address not in shared}


def _by(answer: Answer, person: str) -> Answer:
    return Answer(answer.number, answer.code, answer.words, answer.note, person, answer.task_key)


def _of_line(line: str, person: str) -> list[Answer]:
    """What a mail's first line answers: codes, a word of the list, and a note; nothing where it names no code."""
    good, bad = codes_in(line)
    verdict, note = answer_begun(without_codes(line))
    if not good and not bad:
        return []
    return [Answer(number, code, verdict or "", note, person) for number, code in enumerate([*good, *bad], start=1)]


def _tell(night: Night, done: list[ReadMail], failed: str) -> None:
    """Tell operators which addresses came back, and that the mailbox could not be read."""
    bounced = "; ".join(mail.detail for mail in done if mail.kind == "bounce")
    if not bounced and not failed:
        return
    facts = {"date": str(night.business_date), "bounced": bounced, "unread": failed}
    try:
        tell(night.settings, "mailbox", None, facts)
    except Exception as error:  # noqa: BLE001  # a word to operators is no reason to stop the night
        _LOG.warning("the operators were not told of the mailbox (%s)", type(error).__name__)
