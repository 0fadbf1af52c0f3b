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
    """One visible part of a rank, for the workbook: its name and its points."""

    name: str
    points: str


@dataclass(frozen=True)
class Action:
    """What one role has to finish by one day.

    `due_in` says today, or how late it is; empty while the day lies ahead; `when` is both as briefly as a card says it.
    `role` is empty where whoever looks after the client is asked. `deeds` are single, `in_full` is all of them with the
    evidence that stays on file.
    """

    due_on: date | None
    due: str
    due_in: str
    due_state: str
    when: str
    role: str
    deeds: tuple[str, ...]
    words: str
    in_full: str


@dataclass(frozen=True)
class Line:
    """One task: why, what next, by when, since when it stands, and what the branch has reported back.

    Where its steps have days of their own, they are `actions`, and its own deadline is what `due_label` says it is.
    `age` says for how long its signal has been open, `is_told` that this list tells it anew: it opened, got worse, came
    back, or is a red whose time for a reminder came. `helper` is who is asked, where that is not whose card it is on;
    `escalated` to whom it went because nobody answered; `code` what it is answered by. `is_deadline`: a date in a
    contract or in the law.
    """

    task_key: str
    kind: str
    subject: str
    reason: str
    next_step: str
    actions: tuple[Action, ...]
    due_on: date | None
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
    contributions: tuple[Contribution, ...]
    #: that no evaluation has shown its indicator to help; empty where one has, or there is none
    unproven: str = ""
    age: str = ""
    is_told: bool = False
    helper: str = ""
    escalated: str = ""
    code: str = ""
    is_deadline: bool = False

    @property
    def name(self) -> str:
        """What it is called where there is no room for why: its indicator, else its kind."""
        return self.indicator or self.kind


@dataclass(frozen=True)
class Card:
    """All that is to do about one client. The numbers behind its place stand in the workbook.

    `lines` are all of its tasks, the worst first; `shown` are those that the card prints and `named` says the others;
    `todo` are the steps that come first, each said once, and `more` how many there are besides. `lead` is what a list
    of one line each says, `also` what else there is. `watched` is its stage on the watch list; empty where it has none.
    """

    number: int
    client: Person
    owner: Person
    colour: str
    colour_label: str
    tier: str
    tier_label: str
    exposure: str
    watched: str
    lines: tuple[Line, ...]
    shown: tuple[Line, ...]
    named: str
    todo: tuple[Action, ...]
    more: str
    also: str
    due: str
    due_short: str
    due_state: str

    def numbered(self, number: int) -> "Card":
        """The same card at another place of the list."""
        return replace(self, number=number)

    @property
    def lead(self) -> Line:
        """The line that stands for the card where it has only one."""
        return self.lines[0]


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
    decided: str
    standing: str
    path: str


@dataclass(frozen=True)
class BranchView:
    """A branch's morning list: page one decides, page two has the rest in one line each.

    `must_do` are its cards; `reds` the other red clients, `rest` everybody else with something to do. `changes` and
    `late` are of clients without a card on page one too: a short list, the gravest first.
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
    colours: tuple[ColourCount, ...]
    must_do: tuple[Card, ...]
    reds: tuple[Card, ...]
    rest: tuple[Card, ...]
    handled: tuple[Card, ...]
    changes: tuple[News, ...]
    late: tuple[News, ...]
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
