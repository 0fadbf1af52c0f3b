"""What a list says of one client: its card, the tasks on it as lines, and what each asks for, ready to print."""

from dataclasses import dataclass, replace
from datetime import date


@dataclass(frozen=True)
class Person:
    """A client or a member of staff: the name as it may be printed, and the id."""

    name: str
    id: str


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

    Where its steps have days of their own, they are `actions`.
    `age` says for how long its signal has been open, `is_told` that this list tells it anew: it opened, got worse, came
    back, or is a red whose time for a reminder came. `helper` is who is asked, where that is not whose card it is on;
    `escalated` to whom it went because nobody answered; `code` what it is answered by. `is_deadline`: a date in a
    contract or in the law; `is_planned`: a step of its plan of contingency and exit. `episode_id` is what its
    warning is decided by (`nightdesk decide episode`); `told_with` names the other signals that it stands for.
    """

    task_key: str
    kind: str
    subject: str
    reason: str
    next_step: str
    actions: tuple[Action, ...]
    due_on: date | None
    due: str
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
    #: that no evaluation has shown its indicator to help; empty where one has, or there is none
    unproven: str = ""
    age: str = ""
    is_told: bool = False
    helper: str = ""
    escalated: str = ""
    code: str = ""
    is_deadline: bool = False
    is_planned: bool = False
    episode_id: str = ""
    told_with: str = ""

    @property
    def name(self) -> str:
        """What it is called where there is no room for why: its indicator, else its kind."""
        return self.indicator or self.kind


@dataclass(frozen=True)
class Card:
    """All that is to do about one client. The numbers behind its place stand in the workbook.

    `lines` are all of its tasks but those put off, the worst first; `shown` are those that the card prints and `named`
    says the others; `put_off`, the end of `named` and `also`, how many are put off; `due` is the first line's, and
    `sooner`, the beginning of `also`, says which other line is due before it;
    `todo` are the steps that come first, each said once, and `more` how many there are besides. `lead` is what a list
    of one line each says, `also` what else there is. `watched` is its stage on the watch list; empty where it has none.
    `place` is why it stands where it stands; `is_placed`: neither by its colour nor by its points. `decided` is the
    plainest of the rules that made its colour; empty below amber.
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
    place: str
    is_placed: bool
    decided: str
    lines: tuple[Line, ...]
    shown: tuple[Line, ...]
    named: str
    todo: tuple[Action, ...]
    more: str
    also: str
    put_off: str
    sooner: str
    due: str
    due_short: str
    due_state: str

    def numbered(self, number: int) -> "Card":
        """The same card at another place of the list."""
        return replace(self, number=number)

    @property
    def is_late(self) -> bool:
        """Whether a task of the client is late."""
        return any(line.due_state == "late" for line in self.lines)

    @property
    def lead(self) -> Line:
        """The line that stands for the card where it has only one."""
        return self.lines[0]
