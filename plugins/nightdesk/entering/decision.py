"""A person's decision about something that the newest published night shows, taken at the desk or refused in one line.

Judged by the same SQL as nights judge what the bank supplies (macros/decision.sql), and besides against what there is
to decide about. It is entered as a row of the contract table `decision`, known from then on.
"""

import datetime
import hashlib
import json
from collections.abc import Callable, Mapping
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
from nightdesk.entering.refusing import Wanted, fitting, nothing_decided, refusal
from nightdesk.entering.row import read_row
from nightdesk.reading.published_night import PublishedNight
from nightdesk.settings import Settings

TABLE = "decision"


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


def decide(
    settings: Settings,
    wanted: Wanted,
    *,
    profile: str | None = None,
    source: str = "decide",
    beside: Callable[[Connection], None] | None = None,
) -> Decided:
    """Take a decision; the same one of the same day is taken once. `source`: the door that it came by.

    The newest decision about a thing counts, so one that says otherwise takes the place of the one before. `beside`:
    what it is about is in no published night; its caller has seen it, and this enters at once what the decision does.

    Raises Refused, with nothing entered, where the newest published night shows no such thing, the verdict does not fit
    it, or the people may not.
    """
    bank, desk = load_profile(settings, profile), open_desk(settings)
    columns = contract()[TABLE].columns
    today = now().astimezone(bank.zone).date()
    if wanted.subject not in columns["subject"].values:
        known = ", ".join(columns["subject"].values)
        raise nothing_decided(f"{wanted.subject!r} is no subject", f"Choose one of: {known}.")
    if wanted.verdict not in columns["verdict"].values:
        fit = ", ".join(fitting(bank.name, today, wanted.subject))
        raise nothing_decided(f"{wanted.verdict!r} is no verdict", f"Choose one of: {fit}.")
    code, shown_to = _require_allowed(settings, desk, bank, wanted, today, is_seen=beside is not None)
    with desk.begin() as connection:
        at = audit.locked(connection)
        if beside is not None:
            beside(connection)
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
    settings: Settings, desk: Engine, bank: Profile, wanted: Wanted, today: datetime.date, *, is_seen: bool
) -> tuple[Code, datetime.datetime]:
    """By which policy and code it was judged, and up to when its night knows what was entered; raises Refused where it
    may not be taken."""
    with desk.connect() as connection:
        day = latest_published_date(connection, bank.name)
        if day is None:
            raise nothing_decided("no night is published yet", f"Run one first: {night_command(bank.name, today)}")
        publication = current(connection, bank.name, day)
    with PublishedNight(settings, publication) as night:
        refused = refusal(night, wanted, today, is_seen=is_seen)
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
        raise nothing_decided(
            f"the {wanted.subject} {wanted.subject_key!r} was entered anew since the newest published night",
            "Decide once a night shows it as it is now.",
        )


def code_of(settings: Settings, night: PublishedNight) -> Code:
    """By which policy and code something is judged that people say about a night."""
    return Code(night.night.attempt.policy_version, __version__, code_commit(settings))


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
