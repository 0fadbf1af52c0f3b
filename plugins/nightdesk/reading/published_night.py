"""A published night opened for reading, and what the lists of its branches are made of."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from nightdesk.attempt.batches import find, view
from nightdesk.attempt.inputs import Inputs
from nightdesk.attempt.night_engine import night_engine
from nightdesk.attempt.opening import Night, resume_night
from nightdesk.business_day import Calendar, morning_of
from nightdesk.desk.ledger import feeds_of, get_attempt, lineage
from nightdesk.desk.publication import Publication
from nightdesk.desk.releases import release_of
from nightdesk.engine import Engine
from nightdesk.errors import UsageError
from nightdesk.policy import policy
from nightdesk.reading.assessment import colouring_indicators, list_notes
from nightdesk.reading.escalated import asked_people, unreached
from nightdesk.reading.published import PUBLISHED, columns_of, ordered_select
from nightdesk.released import Release
from nightdesk.render.catalogue import language_of
from nightdesk.render.made_of import BranchInput, Notes
from nightdesk.render.rows import as_rows
from nightdesk.settings import Settings

Rows = list[dict[str, Any]]

_LIST_TABLES = ("task", "playbook_task", "cleared", "closed", "warning", "client_tier", "branch_summary")
#: clients of whom a list tells how their score came about and went
_TOLD = "and colour_now not in ('green', 'no_credit')"


class PublishedNight:
    """A published night opened for reading: its tables as views, its calendar, and what every page says of it."""

    def __init__(self, settings: Settings, publication: Publication) -> None:
        self.settings = settings
        self.publication = publication
        self.night: Night = resume_night(settings, publication.attempt_id)
        self.engine: Engine = night_engine(self.night)
        self.inputs = Inputs(self.night, self.engine)

    def __enter__(self) -> "PublishedNight":
        return self

    def __exit__(self, *_: object) -> None:
        self.engine.close()

    def table(self, name: str, where: str = "", **values: object) -> Rows:
        """Rows of a published table, in its order."""
        lake_table, _ = PUBLISHED[name]
        view = lake_table.replace("/", ".")
        if not self.engine.exists(view):
            self.inputs.kept(lake_table, columns_of(lake_table))
        return self.engine.rows(ordered_select(name, where), **values)

    def require_whole(self) -> None:
        """Raise StoreError, with the command that repairs it, when a table that lists are made of is damaged."""
        for name in (*_LIST_TABLES, "signal", "episode", "watch", "deciding", "score_history"):
            self.table(name, "where false")  # opening it holds its files to their digests

    def signals(self, where: str) -> Rows:
        """What a list needs to know of the signals that a branch may read beside its tasks."""
        return self.inputs.ask("branch_signal", where)

    def ended_before(self, asked: str, covers_days: int) -> Rows:
        """Signals that cleared (`cleared_before`) or episodes that closed (`closed_before`) in earlier nights since the
        last list: no list said so yet.
        """
        what = asked.removesuffix("_before")
        batches = self.inputs.chain(f"warnings/{what}")[-covers_days:]
        if not batches:
            return []
        found = find(self.settings.lake_root, self.night.desk, f"warnings/{what}", batches)
        view(self.engine, f"night.{what}_lately", found, columns_of(f"warnings/{what}"))
        self.engine.parameters["since"] = self.publication.business_date - datetime.timedelta(days=covers_days)
        return self.inputs.ask(asked)

    def source(self, name: str, order: str, where: str = "", **values: object) -> Rows:
        """Rows of a source table as that night saw it."""
        if not self.engine.exists(f"source.{name}"):
            self.inputs.source(name)
        return self.engine.rows(f"select * from source.{name} {where} order by {order}", **values)

    def branches_lost(self) -> list[str]:
        """Ids of branches that the registry lost since the night before, or never let in."""
        self.inputs.source_before("branch")
        return [row["branch_id"] for row in self.inputs.ask("lost_branch")]

    def calendar(self) -> Calendar:
        """The working days of that night."""
        return self.inputs.calendar()

    def withheld(self, where: str, **values: object) -> Rows:
        """Rows and cells that the night could not use."""
        return self.table("withheld", where, **values)

    def feeds(self) -> Rows:
        """What was supplied of each source table."""
        with self.night.desk.connect() as connection:
            return feeds_of(connection, self.publication.attempt_id)

    def colouring(self) -> frozenset[str]:
        """Codes of the indicators that count for that night's colours."""
        return colouring_indicators(self.night.profile.name, self.publication.business_date)

    def _gone(self) -> tuple[str, ...]:
        """Tables and columns that the night before had and this one has not."""
        rows = self.withheld("where reason in ('table_gone', 'column_gone')")
        named = (
            f"{row['table_name']}.{row['column_name']}" if row["column_name"] else row["table_name"] for row in rows
        )
        return tuple(dict.fromkeys(named))

    def notes(self) -> Notes:
        """What every page of the night says: dates, cut-off, policy, and what was missing."""
        calendar = self.calendar()
        morning = morning_of(self.publication.business_date)
        return Notes(
            morning=morning,
            cutoff=self.publication.cutoff_at,
            policy_version=self.night.attempt.policy_version,
            data_to=self._data_to(),
            covers_days=self._covers_days(calendar),
            not_supplied=tuple(row["table_name"] for row in self.feeds() if not row["is_supplied"]),
            indicator_names={
                str(row["indicator"]): {"zh_CN": str(row["name_zh"]), "en": str(row["name_en"])}
                for row in policy(self.night.profile.name)["indicator_text"].effective(self.publication.business_date)
            },
            calendar_provisional_from=calendar.first_provisional(self.publication.business_date, morning),
            gone=self._gone(),
            released=self.release(),
            base_ccy=self.night.profile.base_ccy,
            zone=self.night.profile.zone,
        )

    def release(self) -> Release | None:
        """What a person overrode for this night to be published."""
        with self.night.desk.connect() as connection:
            return release_of(connection, self.publication.attempt_id)

    def _covers_days(self, calendar: Calendar) -> int:
        """Days since the last night whose list was for a working day; 1 when there is none."""
        with self.night.desk.connect() as connection:
            for attempt_id in reversed(lineage(connection, self.publication.attempt_id)[:-1]):
                day = get_attempt(connection, attempt_id).business_date
                if calendar.is_workday(morning_of(day)):
                    return (self.publication.business_date - day).days
        return 1

    def _data_to(self) -> datetime.date | None:
        (newest,) = self.inputs.ask("newest_fact")
        found: datetime.date | None = newest["data_date"]
        return found


def branches_of(settings: Settings, publication: Publication) -> list[str]:
    """Ids of the branches of a published night."""
    with PublishedNight(settings, publication) as night:
        return [row["branch_id"] for row in night.source("branch", "branch_id")]


def branches_lost(settings: Settings, publication: Publication) -> list[str]:
    """Ids of branches without a list that should have one: of last night's registry, or whose own row is held back.

    One whose last good row stands in is in the registry, and has its list.
    """
    with PublishedNight(settings, publication) as night:
        return night.branches_lost()


def is_mailing_morning(settings: Settings, publication: Publication, morning: datetime.date) -> bool:
    """Whether lists are mailed on a morning: on workdays."""
    with PublishedNight(settings, publication) as night:
        return night.calendar().is_workday(morning)


def wanted_branches(night: PublishedNight, branches: Sequence[str] | None) -> list[str]:
    """Ids of the branches that are asked for, of all where none are named; UsageError where the night knows one not."""
    registry = [row["branch_id"] for row in night.source("branch", "branch_id")]
    wanted = registry if branches is None else list(branches)
    if unknown := [branch for branch in wanted if branch not in set(registry)]:
        raise UsageError(f"the registry has no branch {', '.join(unknown)}", "Correct the branch id.")
    return wanted


def branch_makers(
    night: PublishedNight, branches: Sequence[str] | None = None, *, restated: bool = False
) -> dict[str, Callable[[], BranchInput]]:
    """By branch, how its input is made: what all of them need is read once, and one that fails fails alone.

    All their rows are held meanwhile: of many branches, ask for some at a time.
    """
    registry = {row["branch_id"]: row for row in night.source("branch", "branch_id")}
    wanted = wanted_branches(night, branches)
    notes, calendar = list_notes(night.notes(), night.feeds(), night.colouring()), night.calendar()
    staff = {row["staff_id"]: row for row in night.source("staff", "staff_id")}
    night.engine.insert("night.wanted", {"branch_id": "VARCHAR"}, [{"branch_id": branch} for branch in wanted])
    ours = "where branch_id in (select branch_id from night.wanted)"
    tables = {name: by_key(night.table(name, ours)) for name in _LIST_TABLES}
    signals = by_key(night.signals(ours))
    plan_steps = by_key(night.inputs.ask("branch_plan_step", ours))
    deciding = by_key(night.inputs.ask("branch_deciding", ours))
    episodes = by_key(night.table("episode", f"{ours} and closed_on is null and audience = 'branch'"))
    watched = by_key(night.table("watch", f"{ours} and stage <> 'W0'"))
    resting = by_key(night.table("episode", f"{ours} and is_suppressed and audience = 'branch'"))
    paths = by_key(night.inputs.ask("score_path", f"{ours} {_TOLD}"))
    capped = by_key(night.inputs.ask("warnings_score_page.group_points", f"{ours} and told_points > cap"))
    clients = by_key(night.source("client", "client_id", ours))
    below = by_key(night.inputs.ask("tasks_risk_page.client_below"), "at_branch_id")
    away = by_key(night.table("client_owner", f"{ours} and deputy_id is not null"))
    withheld = by_key(night.withheld(ours))
    cleared, closed = (night.ended_before(asked, notes.covers_days) for asked in ("cleared_before", "closed_before"))
    passed_on = [row for rows in tables["task"].values() for row in rows if row["escalated_to"]]
    lost = unreached(asked_people(night.inputs.ask("escalation_person")), passed_on) if passed_on else {}

    def make(branch: str) -> BranchInput:
        return BranchInput(
            business_date=night.publication.business_date,
            revision=night.publication.revision,
            restated=restated or night.publication.revision > 1,
            branch=registry[branch],
            language=language_of(registry[branch]["language"]),
            notes=_on_its_days(notes, tables["task"].get(branch, []), night.publication.business_date, calendar),
            staff=as_rows(_named(staff, branch, [*tables["task"].get(branch, []), *away.get(branch, [])])),
            clients=as_rows([*clients.get(branch, []), *below.get(branch, [])]),
            away=as_rows(away.get(branch, [])),
            tasks=as_rows(tables["task"].get(branch, [])),
            steps=as_rows(tables["playbook_task"].get(branch, [])),
            plan_steps=as_rows(plan_steps.get(branch, [])),
            deciding=as_rows(deciding.get(branch, [])),
            paths=as_rows(paths.get(branch, [])),
            capped=as_rows(capped.get(branch, [])),
            cleared=as_rows(
                _ended(
                    _with_earlier(tables["closed"].get(branch, []), closed, branch, clients.get(branch, [])),
                    _with_earlier(tables["cleared"].get(branch, []), cleared, branch, clients.get(branch, [])),
                )
            ),
            warnings=as_rows(tables["warning"].get(branch, [])),
            tiers=as_rows(tables["client_tier"].get(branch, [])),
            signals=as_rows(signals.get(branch, [])),
            episodes=as_rows(episodes.get(branch, [])),
            watched=as_rows(watched.get(branch, [])),
            resting=as_rows(resting.get(branch, [])),
            withheld=as_rows(withheld.get(branch, [])),
            summary=next(iter(tables["branch_summary"].get(branch, [])), {}),
            unreached=lost.get(branch, {}),
            takes_replies=bool(night.settings.feedback_url),
        )

    return {branch: partial(make, branch) for branch in wanted}


def _named(staff: dict[str, dict[str, Any]], branch: str, tasks: Rows) -> Rows:
    """The people of a branch, and whoever else its tasks, or clients whose manager is away, name: no more of many."""
    named = {row[name] for row in tasks for name in ("owner_id", "feedback_by") if row.get(name)}
    return [row for key, row in staff.items() if row["branch_id"] == branch or key in named]


def _on_its_days(notes: Notes, tasks: Rows, business_date: datetime.date, calendar: Calendar) -> Notes:
    """The notes of one list: its dates reach beyond the morning, and each rests on every working day up to it.

    A deadline is moved ahead of days that the bank does not work, so the days off after it count as well.
    """
    last = max([notes.morning, *(row["due_on"] for row in tasks if row["due_on"])])
    reach = calendar.next_workday(last) - datetime.timedelta(days=1)
    return replace(notes, calendar_provisional_from=calendar.first_provisional(business_date, reach))


def _with_earlier(tonight: Rows, before: Rows, branch: str, clients: Rows) -> Rows:
    """What ended tonight and in the nights since the last list, of clients that are the branch's now."""
    ours = {row["client_id"] for row in clients}
    said = {_of_what(row) for row in tonight}
    earlier = [row | {"branch_id": branch} for row in before if row["client_id"] in ours and _of_what(row) not in said]
    return [*tonight, *earlier]


def _ended(closed: Rows, cleared: Rows) -> Rows:
    """Episodes that closed, and signals that fire no more and whose episode is still open."""
    said = {_of_what(row) for row in closed}
    return [*closed, *(row for row in cleared if _of_what(row) not in said)]


def _of_what(row: dict[str, Any]) -> tuple[str | None, ...]:
    return tuple(row[name] for name in ("client_id", "indicator", "loan_id", "project_id"))


def by_key(rows: Rows, key: str = "branch_id") -> dict[str, Rows]:
    grouped: dict[str, Rows] = {}
    for row in rows:
        grouped.setdefault(row[key], []).append(row)
    return grouped
