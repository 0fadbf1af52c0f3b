"""The shape of a branch's list as templates and the workbook read it: words and figures, ready to print."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from nightdesk.render.rows import Row


@dataclass(frozen=True)
class Person:
    """A client or a member of staff: the name as it may be printed, and the id."""

    name: str
    id: str


@dataclass(frozen=True)
class Contribution:
    """One visible part of a rank: its name and its points."""

    name: str
    points: str


@dataclass(frozen=True)
class Action:
    """What one role has to finish by one day, with the evidence asked for.

    `due_in` says today, or how late it is; empty while the day lies ahead.
    """

    due: str
    due_in: str
    due_state: str
    role: str
    words: str


@dataclass(frozen=True)
class Line:
    """One task: why, what next, by when, and what the branch has reported back.

    Where its steps have days of their own, they are `actions`, and its own deadline is what `due_label` says it is.
    """

    task_key: str
    kind: str
    subject: str
    reason: str
    next_step: str
    actions: tuple[Action, ...]
    due: str
    due_label: str
    due_in: str
    due_state: str
    late_days: int | None
    level: str
    level_label: str
    change: str
    change_label: str
    status: str
    status_label: str
    feedback: str
    indicator: str
    severity: str
    severity_label: str
    priority: str
    #: what places it before its points do; empty where they alone decide
    place_rule: str
    contributions: tuple[Contribution, ...]
    #: that no evaluation has shown its indicator to help; empty where one has, or there is none
    unproven: str = ""
    #: what its card is answered by
    card_code: str = ""
    #: whom it was passed on to, since nobody answered; empty where it was not
    escalated: str = ""


@dataclass(frozen=True)
class Step:
    """What to do and by when, said once for all the reasons that ask for it, the worst of them first."""

    next_step: str
    actions: tuple[Action, ...]
    due: str
    due_label: str
    due_in: str
    due_state: str
    level_label: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Card:
    """All steps of one client and owner. `ranked` is the line whose points place the card.

    `data_to` is the date of the data behind the reasons, where it is the same for all of them: it is taken out of
    them then, and else empty. `standing` says how the client compares with its peers and with itself, `decided` which
    rules gave it its colour; empty where it has none, or nothing is known. `more` names the steps that are not `shown`.
    """

    number: int
    client: Person
    owner: Person
    colour: str
    colour_label: str
    tier: str
    tier_label: str
    exposure: str
    standing: str
    decided: str
    data_to: str
    ranked: Line
    steps: tuple[Step, ...]
    shown: tuple[Step, ...]
    more: str

    def numbered(self, number: int) -> "Card":
        """The same card at another place of the list."""
        return replace(self, number=number)

    @property
    def lines(self) -> tuple[Line, ...]:
        """Its lines in the order they are printed."""
        return tuple(line for step in self.steps for line in step.lines)


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
    decided: str
    standing: str
    path: str


@dataclass(frozen=True)
class BranchView:
    """A branch's morning list."""

    language: str
    html_lang: str
    title: str
    branch_name: str
    branch_id: str
    morning: str
    business_date: str
    revision: str
    flags: tuple[Fact, ...]
    figures: tuple[Fact, ...]
    colours: tuple[ColourCount, ...]
    must_do: tuple[Card, ...]
    rest: tuple[Card, ...]
    handled: tuple[Card, ...]
    later: tuple[Fact, ...]
    later_count: int
    cleared: tuple[Cleared, ...]
    tier_changes: tuple[TierChange, ...]
    quiet: str
    not_assessed: tuple[NotAssessed, ...]
    held_back: tuple[HeldBack, ...]
    notes: tuple[Fact, ...]
    masked: bool
    sheet: tuple[Sheet, ...]
    steps: tuple[StepRow, ...]
    warnings: tuple[Warned, ...]
