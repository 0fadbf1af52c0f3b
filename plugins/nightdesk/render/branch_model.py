"""The shape of a branch's list as templates and the workbook read it: words and figures, ready to print."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from nightdesk.render.branch_card import Card, Line, Person
from nightdesk.render.rows import Row


@dataclass(frozen=True)
class News:
    """One client in a short list of page one: what is said of it, and a word to it (its tone picks the colour)."""

    client: Person
    what: str
    note: str
    tone: str = ""


@dataclass(frozen=True)
class Fact:
    """A label and its value: summary figures and notes."""

    label: str
    value: str
    tone: str = ""


@dataclass(frozen=True)
class Cleared:
    """A signal that no longer fires."""

    client: Person
    indicator: str
    reason: str
    severity: str
    severity_label: str
    since: date | None


@dataclass(frozen=True)
class TierChange:
    """A client whose tier is not what it was."""

    client: Person
    before: str
    after: str
    direction: str
    direction_label: str
    cause: str
    effective: date | None


@dataclass(frozen=True)
class NotAssessed:
    """A client without enough data for a colour, and what is missing."""

    client: Person
    missing: str


@dataclass(frozen=True)
class HeldRow:
    """One row or cell that was not used, for the workbook."""

    client: Person
    what: str
    subject: str
    reason: str
    since: date | None


@dataclass(frozen=True)
class HeldBack:
    """All rows of one client, or of the branch's own registry, that were not used."""

    client: Person
    what: str
    rows: tuple[HeldRow, ...]


@dataclass(frozen=True)
class ColourCount:
    """How many clients have a colour tonight."""

    code: str
    label: str
    count: int


@dataclass(frozen=True)
class Sheet:
    """One task with exact values for the workbook."""

    section: str
    card_number: int | None
    client: Person
    owner: Person
    line: Line
    colour_label: str
    tier_label: str
    rank: int | None
    due_on: date | None
    late_days: int | None
    exposure: Decimal | None
    priority: Decimal | None
    points: tuple[Decimal | None, ...]
    signal_points: Decimal | None
    clears: str
    place_rule: str
    watched: str


@dataclass(frozen=True)
class StepRow:
    """One step of a task for the workbook."""

    client: Person
    indicator: str
    step: int | None
    role: str
    action: str
    evidence: str
    due_on: date | None
    late_days: int | None
    task_key: str


@dataclass(frozen=True)
class Warned:
    """A client that is not green, for the workbook: its row of warnings.warning, and what is said of it in words."""

    client: Person
    row: Row
    capped: str
    decided: str
    standing: str
    path: str


@dataclass(frozen=True)
class BranchView:
    """A branch's morning list: page one decides, page two has the rest in one line each.

    `must_do` are its cards; `reds` the other red clients, `rest` everybody else with something to do; `answering` says
    how they are answered. `changes` and `late` are of clients without a card on page one too: a short list, the gravest
    first.
    """

    language: str
    html_lang: str
    title: str
    branch_name: str
    branch_id: str
    morning: str
    business_date: str
    data_to: str
    revision: str
    flags: tuple[Fact, ...]
    figures: tuple[Fact, ...]
    answering: str
    colours: tuple[ColourCount, ...]
    must_do: tuple[Card, ...]
    reds: tuple[Card, ...]
    rest: tuple[Card, ...]
    handled: tuple[Card, ...]
    changes: tuple[News, ...]
    late: tuple[News, ...]
    late_hint: str
    later: tuple[Fact, ...]
    later_count: int
    cleared: tuple[Cleared, ...]
    tier_changes: tuple[TierChange, ...]
    quiet: str
    not_assessed: tuple[NotAssessed, ...]
    held_back: tuple[HeldBack, ...]
    notes: tuple[Fact, ...]
    said: tuple[str, ...]
    sheet: tuple[Sheet, ...]
    steps: tuple[StepRow, ...]
    warnings: tuple[Warned, ...]

    @property
    def listed(self) -> tuple[Card, ...]:
        """Every client with something to do, in the order of the list."""
        return (*self.must_do, *self.reds, *self.rest)
