"""A person's decision about something that the newest published night shows, taken at the desk or refused in one line.

Judged by the same SQL as nights judge what the bank supplies (macros/decision.sql), and besides against what there is
to decide about. It is entered as a row of the contract table `decision`, known from then on.
"""

import datetime
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, select

from nightdesk import __version__
from nightdesk.bank_profile import Profile, load_profile
from nightdesk.business_day import ONE_DAY, cutoff_of
from nightdesk.clock import now
from nightdesk.code_version import code_commit
from nightdesk.contract import contract
from nightdesk.desk import audit, entries
from nightdesk.desk.audit import Act, Code
from nightdesk.desk.database import open_desk
from nightdesk.desk.entries import Door
from nightdesk.desk.ledger import latest_published_date
from nightdesk.desk.only_added import entry
from nightdesk.desk.publication import current
from nightdesk.desk.remedy import night_command
from nightdesk.entering.refused_because import REMEDY, SAID
from nightdesk.entering.row import read_row
from nightdesk.errors import Refused
from nightdesk.models import models
from nightdesk.policy import policy
from nightdesk.reading.published_night import PublishedNight, Rows
from nightdesk.settings import Settings

TABLE = "decision"
#: what is about to be decided, as the questions of sql/asked/ read it; of what is decided its branch and who asked
PROPOSED = {
    "decision_id": "VARCHAR",
    "subject": "VARCHAR",
    "subject_key": "VARCHAR",
    "verdict": "VARCHAR",
    "decided_by": "VARCHAR",
    "checker_id": "VARCHAR",
    "decided_on": "DATE",
    "until": "DATE",
    "branch_id": "VARCHAR",
    "maker_id": "VARCHAR",
}
#: people that a refusal names
_NAMED = 5


@dataclass(frozen=True)
class Wanted:
    """What somebody wants to decide: about what, how, who, with which second person, until when, with which words."""

    subject: str
    subject_key: str
    verdict: str
    by: str
    checker: str | None = None
    until: datetime.date | None = None
    note: str = ""

    def cells(self) -> dict[str, str]:
        """The cells of its row but its id and its instant; what is not said is left out."""
        said = {
            "subject": self.subject,
            "subject_key": self.subject_key,
            "verdict": self.verdict,
            "decided_by": self.by,
            "checker_id": self.checker or "",
            "until": "" if self.until is None else str(self.until),
            "note": self.note,
        }
        return {name: text.strip() for name, text in said.items() if text.strip()}


@dataclass(frozen=True)
class Stood:
    """A decision that another one takes the place of: what, whose, and when it was taken."""

    decision_id: str
    verdict: str
    decided_by: str
    decided_at: datetime.datetime


@dataclass(frozen=True)
class Decided:
    """A decision that stands: its id, its instant, and whether it is new or had been taken that day already.

    `counts_from` is the business date of the first night that sees it; `replaces` what stood until then.
    """

    decision_id: str
    decided_at: datetime.datetime
    is_new: bool
    counts_from: datetime.date
    replaces: Stood | None = None


def decide(settings: Settings, wanted: Wanted, *, profile: str | None = None, source: str = "decide") -> Decided:
    """Take a decision; the same one of the same day is taken once. `source`: the door that it came by.

    The newest decision about a thing counts, so one that says otherwise takes the place of the one before.

    Raises Refused, with nothing entered, where the newest published night shows no such thing, the verdict does not fit
    it, or the people may not.
    """
    bank, desk = load_profile(settings, profile), open_desk(settings)
    columns = contract()[TABLE].columns
    for name, word in (("subject", wanted.subject), ("verdict", wanted.verdict)):
        if word not in columns[name].values:
            raise _refused(f"{word!r} is no {name}", f"Choose one of: {', '.join(columns[name].values)}.")
    today = now().astimezone(bank.zone).date()
    code, shown_to = _require_allowed(settings, desk, bank, wanted, today)
    with desk.begin() as connection:
        at = audit.locked(connection)
        _require_as_shown(connection, bank.name, wanted, shown_to)
        last = taken_about(connection, bank.name, wanted.subject, wanted.subject_key)
        if last is not None and _is_same(last[0], wanted) and last[1].astimezone(bank.zone).date() == today:
            first = _counts_from(connection, bank, last[1])
            return Decided(last[0]["decision_id"], last[1], is_new=False, counts_from=first)
        said = {**wanted.cells(), "decided_at": at.isoformat()}
        key = hashlib.sha256(audit.canonical({**said, "profile": bank.name}).encode()).hexdigest()[:16]
        row = read_row(TABLE, {"decision_id": f"desk-{key}", **said}, bank.zone)
        act = Act(
            "decided",
            wanted.by,
            wanted.subject,
            wanted.subject_key,
            bank.name,
            detail={
                name: row.cells[name]
                for name in ("decision_id", "verdict", "checker_id", "until", "note")
                if name in row.cells
            },
            code=code,
        )
        entries.enter(connection, Door(bank.name, wanted.by, source, code), TABLE, row.row_key, row.cells, act)
        first = _counts_from(connection, bank, at)
    stood = None if last is None else _stood(*last, today)
    return Decided(row.row_key, at, is_new=True, counts_from=first, replaces=stood)


def _counts_from(connection: Connection, bank: Profile, at: datetime.datetime) -> datetime.date:
    """The business date of the first night after the newest published one that has its cut-off after an instant."""
    day = at.astimezone(bank.zone).date()
    if cutoff_of(day - ONE_DAY, bank.zone, bank.cut_off) >= at:
        day -= ONE_DAY
    newest = latest_published_date(connection, bank.name)
    return day if newest is None else max(day, newest + ONE_DAY)


def _stood(cells: Mapping[str, str], entered_at: datetime.datetime, today: datetime.date) -> Stood | None:
    """The decision before; None where its own end has passed already."""
    if "until" in cells and datetime.date.fromisoformat(cells["until"]) < today:
        return None
    return Stood(cells["decision_id"], cells["verdict"], cells["decided_by"], entered_at)


def _require_allowed(
    settings: Settings, desk: Engine, bank: Profile, wanted: Wanted, today: datetime.date
) -> tuple[Code, datetime.datetime]:
    """By which policy and code it was judged, and up to when its night knows what was entered; raises Refused where it
    may not be taken."""
    with desk.connect() as connection:
        day = latest_published_date(connection, bank.name)
        if day is None:
            raise _refused("no night is published yet", f"Run one first: {night_command(bank.name, today)}")
        publication = current(connection, bank.name, day)
    with PublishedNight(settings, publication) as night:
        refused = refusal(night, wanted, today)
        if refused is not None:
            raise refused[1]
    return code_of(settings, night), publication.cutoff_at


def _require_as_shown(connection: Connection, profile: str, wanted: Wanted, shown_to: datetime.datetime) -> None:
    """What was entered anew since the night that whoever decides looks at, nobody has seen yet."""
    table = contract().get(wanted.subject)
    if table is None or not table.is_of_desk:
        return
    kept = entries.newest(connection, profile, table.name, "|".join(wanted.subject_key.rpartition(":")[::2]))
    if kept is not None and kept.entered_at > shown_to:
        raise _refused(
            f"the {wanted.subject} {wanted.subject_key!r} was entered anew since the newest published night",
            "Decide once a night shows it as it is now.",
        )


def code_of(settings: Settings, night: PublishedNight) -> Code:
    """By which policy and code something is judged that people say about a night."""
    return Code(night.night.attempt.policy_version, __version__, code_commit(settings))


def refusal(night: PublishedNight, wanted: Wanted, today: datetime.date) -> tuple[str, Refused] | None:
    """Why a decision may not be taken on a night: the rule's code (empty where the night shows no such thing), and what
    there is to say; None where it may.
    """
    found = night.inputs.ask(
        "decidable", "where subject = $s and subject_key = $k", s=wanted.subject, k=wanted.subject_key
    )
    if not found:
        return "", _unknown(wanted, night.publication.business_date)
    row = {
        **wanted.cells(),
        "decision_id": "proposed",
        "decided_on": today,
        **{name: found[0][name] for name in ("branch_id", "maker_id")},
    }
    night.engine.insert("night.proposed_decision", PROPOSED, [row])
    (judged,) = night.inputs.ask("decision_refusal")
    code = judged["refused_because"]
    return None if code is None else (str(code), _because(str(code), wanted, night))


def _unknown(wanted: Wanted, day: datetime.date) -> Refused:
    if f"asked_decidable.{wanted.subject}" not in models():
        return _refused(f"no published night shows a {wanted.subject}", f"Use `nightdesk {wanted.subject}`.")
    return _refused(
        f"the newest published night ({day}) has no {wanted.subject} with the key {wanted.subject_key!r}",
        f"Take the key from `nightdesk export` or from the list of {day}.",
    )


def _because(code: str, wanted: Wanted, night: PublishedNight) -> Refused:
    what, ends_with = SAID[code]
    said = what.format(verdict=wanted.verdict, subject=wanted.subject, by=wanted.by, checker=wanted.checker)
    if ends_with == "fits":
        rules = policy(night.night.profile.name)["decision_rule"].effective(night.publication.business_date)
        fitting = sorted({str(row["verdict"]) for row in rules if row["subject"] == wanted.subject})
        return _refused(said, f"Fitting are: {', '.join(fitting)}.")
    if ends_with in REMEDY:
        return _refused(said, REMEDY[ends_with])
    takers = night.inputs.ask("decision_taker")
    people = [row for row in takers if row[f"may_{ends_with}"]]
    # where nobody is there to check what needs it, a second person is lacking, and not one too many
    if ends_with == "check" and not any(row["may_check"] or row["needs_checker"] for row in takers):
        return _refused(said, "This verdict takes no second person: leave out --checker.")
    return _refused(said, f"Who may {ends_with}: {named(people)}.")


def named(people: Rows) -> str:
    """The first of some people (staff_id, role), and how many more there are."""
    first = ", ".join(f"{row['staff_id']} ({row['role']})" for row in people[:_NAMED])
    more = f" and {len(people) - _NAMED} more" if len(people) > _NAMED else ""
    return f"{first}{more}" or "nobody of tonight's register"


def taken_about(
    connection: Connection, profile: str, subject: str, subject_key: str
) -> tuple[dict[str, str], datetime.datetime] | None:
    """The newest decision that was entered about a thing, as its cells, and when."""
    rows = connection.execute(
        select(entry.c.row, entry.c.entered_at)
        .where(entry.c.profile == profile, entry.c.table_name == TABLE)
        .order_by(entry.c.entered_at.desc(), entry.c.entry_id.desc())
    )
    for row in rows:
        cells: dict[str, str] = json.loads(row.row)
        if (cells["subject"], cells["subject_key"]) == (subject, subject_key):
            return cells, row.entered_at
    return None


def _is_same(cells: Mapping[str, str], wanted: Wanted) -> bool:
    return {name: text for name, text in cells.items() if name not in ("decision_id", "decided_at")} == wanted.cells()


def _refused(what: str, remedy: str) -> Refused:
    return Refused(f"nothing was decided: {what}", remedy)
