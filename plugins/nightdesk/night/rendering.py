"""Render: the lists of a published night per branch, a page per project, and the quality page."""

import datetime
from collections.abc import Sequence
from typing import Any

from nightdesk.business_day import Calendar, morning_of
from nightdesk.desk.ledger import feeds_of, get_attempt, lineage
from nightdesk.desk.publication import Publication
from nightdesk.engine import Engine
from nightdesk.errors import UsageError
from nightdesk.lake import files_of
from nightdesk.night.inputs import Inputs, night_engine
from nightdesk.night.opening import Night, resume_night
from nightdesk.night.published import PUBLISHED, columns_of, ordered_select
from nightdesk.night.quality import quality_input
from nightdesk.policy import policy
from nightdesk.render.branch import Rendered, render_branch
from nightdesk.render.catalogue import language_of
from nightdesk.render.inputs import BranchInput, Notes, ProjectInput
from nightdesk.render.outputs import write_branch, write_project, write_quality
from nightdesk.render.project import render_project
from nightdesk.render.quality import render_quality
from nightdesk.settings import Settings

Rows = list[dict[str, Any]]

_LIST_TABLES = ("task", "cleared", "warning", "client_tier", "branch_summary")
_REVIEW_TABLES = ("project_review", "covenant", "incident", "action", "permit", "insurance", "signal")


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

    def signals(self, where: str) -> Rows:
        """What a list needs to know of the signals that a branch may read beside its tasks."""
        if not self.engine.exists("warnings.signal"):
            self.inputs.kept("warnings/signal", columns_of("warnings/signal"))
        columns = "branch_id, client_id, indicator, weight, first_seen, data_date"
        return self.engine.rows(
            f"select {columns} from warnings.signal {where} and audience = 'branch' order by client_id, indicator"
        )

    def cleared_before(self, covers_days: int) -> Rows:
        """Signals that cleared in earlier nights since the last list and still do not fire: no list said so yet."""
        batches = self.inputs.chain("warnings/cleared")[-covers_days:]
        if not batches:
            return []
        files = files_of(self.settings.lake_root, "warnings/cleared", batches)
        self.engine.view_of_files("night.cleared_before", files, columns_of("warnings/cleared"))
        for name in ("signal", "suspended"):
            if not self.engine.exists(f"warnings.{name}"):
                self.inputs.kept(f"warnings/{name}", columns_of(f"warnings/{name}"))
        return self.engine.rows(
            "select * from night.cleared_before where business_date > $since and business_date < $business_date"
            " and first_seen <= $since"
            " and (client_id, indicator) not in (select (client_id, indicator) from warnings.signal"
            " union all select (client_id, indicator) from warnings.suspended)"
            " qualify row_number() over (partition by client_id, indicator order by business_date desc) = 1"
            " order by client_id, indicator",
            since=self.publication.business_date - datetime.timedelta(days=covers_days),
        )

    def source(self, name: str, order: str, where: str = "", **values: object) -> Rows:
        """Rows of a source table as that night saw it."""
        if not self.engine.exists(f"source.{name}"):
            self.inputs.source(name)
        return self.engine.rows(f"select * from source.{name} {where} order by {order}", **values)

    def calendar(self) -> Calendar:
        """The working days of that night."""
        return self.inputs.calendar()

    def notes(self) -> Notes:
        """What every page of the night says: dates, cut-off, policy, and what was missing."""
        calendar = self.calendar()
        morning = morning_of(self.publication.business_date)
        with self.night.desk.connect() as connection:
            feeds = feeds_of(connection, self.publication.attempt_id)
        return Notes(
            morning=morning,
            cutoff=self.publication.cutoff_at,
            policy_version=self.night.attempt.policy_version,
            data_to=self._data_to(),
            covers_days=self._covers_days(calendar),
            not_supplied=tuple(row["table_name"] for row in feeds if not row["is_supplied"]),
            indicator_names={
                str(row["indicator"]): {"zh_CN": str(row["name_zh"]), "en": str(row["name_en"])}
                for row in policy(self.night.profile.name)["indicator"].effective(self.publication.business_date)
            },
            calendar_provisional=calendar.is_provisional(morning),
            point_in_time=all(row["is_point_in_time"] for row in feeds if row["is_supplied"]),
            base_ccy=self.night.profile.base_ccy,
            zone=self.night.profile.zone,
        )

    def _covers_days(self, calendar: Calendar) -> int:
        """Days since the last night whose list was for a working day; 1 when there is none."""
        with self.night.desk.connect() as connection:
            for attempt_id in reversed(lineage(connection, self.publication.attempt_id)[:-1]):
                day = get_attempt(connection, attempt_id).business_date
                if calendar.is_workday(morning_of(day)):
                    return (self.publication.business_date - day).days
        return 1

    def _data_to(self) -> datetime.date | None:
        self.inputs.kept("features/client_span", columns_of("features/client_span"))
        found = self.engine.value("select max(last_data_date) from features.client_span")
        return found if isinstance(found, datetime.date) else None


def branches_of(settings: Settings, publication: Publication) -> list[str]:
    """Ids of the branches of a published night."""
    with PublishedNight(settings, publication) as night:
        return [row["branch_id"] for row in night.source("branch", "branch_id")]


def lists_to_mail(settings: Settings, publication: Publication) -> list[str]:
    """Ids of the branches whose registry row has an address for the list."""
    with PublishedNight(settings, publication) as night:
        return [row["branch_id"] for row in night.source("branch", "branch_id") if row["list_email"]]


def is_mailing_morning(settings: Settings, publication: Publication, morning: datetime.date) -> bool:
    """Whether lists are mailed on a morning: on workdays."""
    with PublishedNight(settings, publication) as night:
        return night.calendar().is_workday(morning)


def branch_inputs(
    night: PublishedNight, branches: Sequence[str] | None = None, *, restated: bool = False
) -> list[BranchInput]:
    """What each branch's list is made of; every row of it belongs to that branch.

    Raises UsageError when a branch is not in that night's registry.
    """
    registry = {row["branch_id"]: row for row in night.source("branch", "branch_id")}
    wanted = list(registry) if branches is None else list(branches)
    if unknown := [branch for branch in wanted if branch not in registry]:
        raise UsageError(f"the registry has no branch {', '.join(unknown)}", "Correct the branch id.")
    notes = night.notes()
    staff = night.source("staff", "staff_id")
    night.engine.insert("night.wanted", {"branch_id": "VARCHAR"}, [{"branch_id": branch} for branch in wanted])
    ours = "where branch_id in (select branch_id from night.wanted)"
    tables = {name: _by_branch(night.table(name, ours)) for name in _LIST_TABLES}
    signals = _by_branch(night.signals(ours))
    clients = _by_branch(night.source("client", "client_id", ours))
    before = {(row["client_id"], row["indicator"]): row for row in night.cleared_before(notes.covers_days)}
    return [
        BranchInput(
            business_date=night.publication.business_date,
            revision=night.publication.revision,
            restated=restated or night.publication.revision > 1,
            branch=registry[branch],
            language=language_of(registry[branch]["language"]),
            notes=notes,
            staff=staff,
            clients=clients.get(branch, []),
            tasks=tables["task"].get(branch, []),
            cleared=_with_earlier(tables["cleared"].get(branch, []), before, branch, clients.get(branch, [])),
            warnings=tables["warning"].get(branch, []),
            tiers=tables["client_tier"].get(branch, []),
            signals=signals.get(branch, []),
            summary=next(iter(tables["branch_summary"].get(branch, [])), {}),
        )
        for branch in wanted
    ]


def _with_earlier(tonight: Rows, before: dict[tuple[str, str], dict[str, Any]], branch: str, clients: Rows) -> Rows:
    """Tonight's cleared signals and those of the nights since the last list, of clients that are the branch's now."""
    ours = {row["client_id"] for row in clients}
    said = {(row["client_id"], row["indicator"]) for row in tonight}
    earlier = [row | {"branch_id": branch} for key, row in before.items() if key[0] in ours and key not in said]
    return [*tonight, *earlier]


def _by_branch(rows: Rows, key: str = "branch_id") -> dict[str, Rows]:
    grouped: dict[str, Rows] = {}
    for row in rows:
        grouped.setdefault(row[key], []).append(row)
    return grouped


def render_branches(settings: Settings, publication: Publication, branches: Sequence[str] | None = None) -> int:
    """Write list.html, list.txt and list.xlsx of some branches (all by default); returns how many branches."""
    folder = settings.out / str(publication.business_date)
    with PublishedNight(settings, publication) as night:
        inputs = branch_inputs(night, branches)
        for source in inputs:
            rendered: Rendered = render_branch(source)
            write_branch(folder, source.branch["branch_id"], rendered)  # type: ignore[arg-type]
    return len(inputs)


def render_pages(settings: Settings, publication: Publication) -> int:
    """Write a page per project and the quality page; returns how many pages."""
    folder = settings.out / str(publication.business_date)
    with PublishedNight(settings, publication) as night:
        notes = night.notes()
        registry = {row["branch_id"]: row for row in night.source("branch", "branch_id")}
        clients = {row["client_id"]: row for row in night.source("client", "client_id")}
        rows = {name: _by_branch(night.table(name), "project_id") for name in _REVIEW_TABLES}
        reviews = [review for found in rows["project_review"].values() for review in found]
        for review in reviews:
            project, branch = review["project_id"], registry.get(review["branch_id"], {})
            page = render_project(
                ProjectInput(
                    business_date=publication.business_date,
                    revision=publication.revision,
                    restated=publication.revision > 1,
                    review=review,
                    language=language_of(branch.get("language")),
                    notes=notes,
                    client=clients.get(review["client_id"], {}),
                    branch=branch,
                    covenants=rows["covenant"].get(project, []),
                    incidents=rows["incident"].get(project, []),
                    actions=rows["action"].get(project, []),
                    permits=rows["permit"].get(project, []),
                    insurances=rows["insurance"].get(project, []),
                    signals=[s for s in rows["signal"].get(project, []) if s["audience"] == "branch"],
                )
            )
            write_project(folder, project, page)
        write_quality(folder, render_quality(quality_input(night.night, notes, publication.revision)))
    return len(reviews) + 1


def render_night(settings: Settings, publication: Publication) -> int:
    """Write every page of a published night; returns how many."""
    return render_branches(settings, publication) + render_pages(settings, publication)
