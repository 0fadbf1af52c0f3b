"""The shape of a project's ESG review as its template reads it."""

from collections.abc import Mapping
from dataclasses import dataclass

from nightdesk.render.branch_card import Person
from nightdesk.render.branch_model import Fact
from nightdesk.render.drawing import Drawing


@dataclass(frozen=True)
class Mark:
    """A state in words, and its tone: red, amber, green or grey."""

    label: str
    tone: str


@dataclass(frozen=True)
class Cell:
    """A cell of a sheet: a text, or a mark."""

    text: str
    mark: Mark | None = None
    is_heading: bool = False
    is_number: bool = False
    #: a date or an id, which is not broken
    is_whole: bool = False


@dataclass(frozen=True)
class Chart:
    """A drawing and the table that it is drawn from: columns with whether they hold numbers, and cells as texts.

    No rows: the table stands beside it on its page.
    """

    title: str
    drawing: Drawing
    table_title: str = ""
    columns: tuple[tuple[str, bool], ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Sheet:
    """A section of facts, words, a table and charts. `columns`: their labels, and whether they hold numbers; `words`
    what a person wrote, a paragraph each, under its label; `parts` further tables under headings of their own."""

    title: str
    hint: str = ""
    facts: tuple[Fact, ...] = ()
    columns: tuple[tuple[str, bool], ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    said: str = ""
    charts: tuple[Chart, ...] = ()
    words: tuple[Fact, ...] = ()
    parts: tuple["Sheet", ...] = ()


@dataclass(frozen=True)
class SignalRow:
    """An indicator that fired for the project."""

    indicator: str
    mark: Mark
    reason: str
    #: that no evaluation has shown it to help; empty where one has
    unproven: str
    change: str
    since: str


@dataclass(frozen=True)
class CovenantRow:
    """The latest test of a covenant."""

    name: str
    metric: str
    level: str
    tested: str
    actual: str
    limit: str
    headroom: str
    mark: Mark


@dataclass(frozen=True)
class IncidentRow:
    """An incident or a penalty: who told of it, why it happened, what was done, and who saw that."""

    kind: str
    occurred: str
    amount: str
    source: str
    cause: str
    fix: str
    verified: str
    number: str
    mark: Mark


@dataclass(frozen=True)
class ActionRow:
    """An action of the environmental and social action plan."""

    standard: str
    description: str
    owner: str
    priority: str
    due: str
    note: str
    mark: Mark
    number: str
    evidence: str


@dataclass(frozen=True)
class ExpiryRow:
    """A permit or an insurance: its number, when it was issued and ends, the clock that a law sets it, its evidence."""

    kind: str
    number: str
    document: str
    issued: str
    expires: str
    clock: str
    note: str
    evidence: str
    mark: Mark


@dataclass(frozen=True)
class ProjectView:
    """A project's review, ready to print."""

    html_lang: str
    name: str
    project_id: str
    business_date: str
    morning: str
    revision: str
    flags: tuple[Fact, ...]
    verdict: Mark
    issues: tuple[str, ...]
    #: how many more the parts below name; empty where none
    more_issues: str
    gaps: tuple[str, ...]
    #: how far the review is; None where there is none
    state: Mark | None
    headline: tuple[Fact, ...]
    charts: Mapping[str, Chart]
    profile: tuple[Fact, ...]
    client: Person
    signals: tuple[SignalRow, ...]
    #: of credit and construction: no part of the verdict
    credit_signals: tuple[SignalRow, ...]
    sheets: Mapping[str, Sheet]
    covenants: tuple[CovenantRow, ...]
    incidents: tuple[IncidentRow, ...]
    actions: tuple[ActionRow, ...]
    overdue_actions: int
    permits: tuple[ExpiryRow, ...]
    #: by panel, what stands under its rows or in their place
    said: Mapping[str, str]
    base_ccy: str
    notes: tuple[Fact, ...]
