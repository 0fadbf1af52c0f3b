"""What people answer to a card: which card, with which word of either language, who, and what they note."""

import datetime
import re
import unicodedata
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from nightdesk.errors import Refused
from nightdesk.render.catalogue import LANGUAGES, catalogue

#: an answer as the questions of sql/asked/ read it
GIVEN_ANSWER = {
    "number": "INTEGER",
    "branch_id": "VARCHAR",
    "client_id": "VARCHAR",
    "owner_id": "VARCHAR",
    "given_by": "VARCHAR",
    "given_on": "DATE",
}
State = Literal["taken", "known", "proposed", "confirmed", "refused"]
#: what the list of the workbook's answer column offers, and what an answer counts as in task_feedback
ANSWERS = {
    "done": "done",
    "false_alarm": "false_alarm",
    "transferred": "transferred",
    "later": "acknowledged",
}
_DAY = re.compile(r"(?<!\d)(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})(?!\d)")
LONGEST_NOTE = 500


@dataclass(frozen=True)
class Answer:
    """One answer as it was given: `number` is its row in a file, or its place in a mail.

    `code` and `task_key` say which card, either of which may be empty; `words` the answer as it was typed or chosen.
    """

    number: int
    code: str
    words: str
    note: str = ""
    by: str = ""
    task_key: str = ""

    def said_by(self, person: str) -> "Answer":
        """The same with somebody who answers, where it names nobody itself."""
        return self if self.by else replace(self, by=person)


@dataclass(frozen=True)
class No:
    """Why an answer is not taken: the reason's code, which both catalogues have words for (answer_refused, or
    decision_refused where it is a decision's), and one line with what to do.
    """

    why: str
    said: str


@dataclass(frozen=True)
class Taken:
    """What became of one answer; `said` is why it was refused and what to do, or empty, `why` that reason's code.

    `answered_for` is whose card it is, where a colleague answered it; `by` who answered; `is_away`: while on leave.
    """

    number: int
    code: str
    state: State
    said: str = ""
    why: str = ""
    by: str = ""
    answered_for: str = ""
    is_away: bool = False


def refused(answer: Answer, no: No) -> Taken:
    """What became of an answer that is not taken."""
    return Taken(answer.number, shown(answer), "refused", no.said, no.why)


def shown(answer: Answer) -> str:
    """The code as a line names it: nothing that is no code is repeated."""
    return answer.code if answer.code.isalnum() and answer.code.isascii() and len(answer.code) <= 8 else ""


def line_of(error: Refused) -> str:
    """What a refusal says, without what was being done."""
    what = error.what.partition(": ")[2] or error.what
    return f"{what}. {error.remedy.removesuffix(' Nothing was entered.')}"


def choices(language: str) -> tuple[str, ...]:
    """The words of the answer column's list, in the order of ANSWERS."""
    t = catalogue("en" if language == "en" else "zh_CN")
    return tuple(t.label("answer", answer) for answer in ANSWERS)


def answer_of(words: str) -> str | None:
    """Which of ANSWERS a text is, in either language; None where it is none."""
    return _said().get(_plain(words))


def answer_begun(words: str) -> tuple[str | None, str]:
    """The answer that a line begins with, and what follows it, which is a note."""
    line = _plain(words)
    for said in sorted(_said(), key=len, reverse=True):
        rest = line[len(said) :]
        # a Latin word ends where its letters do; Chinese has no such end
        if line.startswith(said) and not (said.isascii() and rest[:1].isalpha()):
            shown = unicodedata.normalize("NFKC", " ".join(words.split()))
            return _said()[said], shown[len(said) :].strip(" ,.;:，。；：-–—")
    return None, words


def day_in(note: str) -> datetime.date | None:
    """The first day that a note names; None where it names none."""
    match = _DAY.search(note)
    if match is None:
        return None
    try:
        return datetime.date(*(int(part) for part in match.groups()))
    except ValueError:
        return None


@cache
def _said() -> dict[str, str]:
    found = {}
    for language in LANGUAGES:
        t = catalogue(language)
        for answer in ANSWERS:
            for word in (answer, t.label("answer", answer), *t(f"answer_words.{answer}").split("|")):
                found[_plain(word)] = answer
    return found


def _plain(words: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", words).split()).casefold()
