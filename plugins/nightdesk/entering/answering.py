"""Answers to cards become feedback and decisions: judged one by one against the newest published night and the staff
register, the good ones taken, each that is not said in one line.

A false alarm takes two people: the first one's word is entered as a decision without its second person, which no night
counts; the next who says so, and may, completes it.
"""

import datetime
import hashlib
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Engine

from nightdesk.bank_profile import Profile, load_profile
from nightdesk.clock import now
from nightdesk.desk import audit, entries
from nightdesk.desk.audit import Act, Code
from nightdesk.desk.database import open_desk
from nightdesk.desk.entries import Door, Entry
from nightdesk.desk.ledger import latest_published_date
from nightdesk.desk.publication import current
from nightdesk.entering import decision, refusing
from nightdesk.entering.answer_file import FORMULA
from nightdesk.entering.answers import (
    ANSWERS,
    GIVEN_ANSWER,
    LONGEST_NOTE,
    Answer,
    No,
    State,
    Taken,
    answer_of,
    choices,
    day_in,
    line_of,
    refused,
    shown,
)
from nightdesk.entering.cards import Cards, Task, setting
from nightdesk.entering.row import read_row
from nightdesk.errors import Refused
from nightdesk.reading.published_night import PublishedNight
from nightdesk.settings import Settings

_FEEDBACK = "task_feedback"
_WHY = {
    "unknown": "who answers is not in the staff register",
    "not_yet": "{by} is not at work yet",
    "left": "{by} has left",
    "role": "the role of {by} answers no cards",
    "branch": "{by} is of another branch than the card",
    "not_own": "{by} is not asked for the card, nor stands in for whoever is",
}


@dataclass(frozen=True)
class _Judged:
    """An answer that may be taken: to which task, as which of ANSWERS, with which decision, after whose false alarm;
    `answered_for` is whose card it is, where a colleague answers it.
    """

    answer: Answer
    verdict: str
    task: Task
    answered_for: str
    wanted: refusing.Wanted | None = None
    after: Entry | None = None

    @property
    def is_proposed(self) -> bool:
        """Whether it is a false alarm that a second person has yet to confirm."""
        return self.verdict == "false_alarm" and self.after is None


class AnswerDesk:
    """One opened night that answers are held against, and the desk that they are entered at."""

    def __init__(self, night: PublishedNight, bank: Profile, desk: Engine) -> None:
        self.night, self.bank, self.desk = night, bank, desk
        self.source = ""
        self.at: datetime.datetime | None = None
        self.today = now().astimezone(bank.zone).date()
        self.code: Code = decision.code_of(night.settings, night)
        self.staff = night.source("staff", "staff_id")
        self.branch_of = {row["staff_id"]: row["branch_id"] for row in self.staff}
        self.cards = Cards(night)
        self.away: set[int] = set()

    def take(self, answers: Sequence[Answer], *, source: str, at: datetime.datetime | None = None) -> list[Taken]:
        """What becomes of each answer, in their order.

        `source` says by which door they came, and tells one file or mail from another: what is taken of it once is not
        taken again. `at`: the aware instant since which the bank knows them, now where none is given; it must lie after
        the cut-off of every night that has run.
        """
        self.source, self.at = source, at
        self.today = (at or now()).astimezone(self.bank.zone).date()
        meant: dict[int, tuple[Answer, str, Task]] = {}
        done: dict[int, Taken] = {}
        by_task: dict[str, tuple[str, str]] = {}
        for answer in answers:
            found = self._meant(answer)
            if isinstance(found, tuple):
                _, verdict, task = found
                said = by_task.setdefault(task["task_key"], (verdict, answer.by))
                if said != (verdict, answer.by):
                    found = No("twice", "the card is answered twice and differently. Leave one of the answers")
            if isinstance(found, No):
                done[answer.number] = refused(answer, found)
            else:
                meant[answer.number] = found
        refusals, answered_for = self._people(meant)
        for number, no in refusals.items():
            done[number] = refused(meant.pop(number)[0], no)
        for number, (answer, verdict, task) in meant.items():
            done[number] = self._one(answer, verdict, task, answered_for.get(number, ""))
        return [done[answer.number] for answer in answers]

    def _meant(self, answer: Answer) -> tuple[Answer, str, Task] | No:
        """Which answer of whom to which task; or why it cannot be taken."""
        verdict = answer_of(answer.words)
        if verdict is None:
            words = ", ".join((*choices("zh_CN"), *choices("en")))
            return No("words", f"the answer is none of the list. Choose one of: {words}")
        if not answer.by:
            return No("nobody", "nobody is named who answers. Say --by WHO, or fill the column `by`")
        if len(answer.note) > LONGEST_NOTE:
            return No("note_long", f"the note is longer than {LONGEST_NOTE} characters. Shorten it")
        if answer.note == FORMULA:
            return No("note_formula", "the note is a formula. Type it as text")
        if any(unicodedata.category(one) == "Cc" and one not in "\n\r\t" for one in answer.note):
            return No("note_control", "the note has control characters. Type it anew")
        task = self.cards.of(answer, self.branch_of.get(answer.by))
        if isinstance(task, No):
            return task
        if verdict == "later" and task["is_hard"]:
            return No("hard", "a hard warning cannot be put off. Say what was done, or hand it over")
        return answer, verdict, task

    def _people(self, meant: dict[int, tuple[Answer, str, Task]]) -> tuple[dict[int, No], dict[int, str]]:
        """Why those may not answer who may not, and who may; and for whom those do who answer a colleague's card."""
        rows = [
            {"number": number, "given_by": answer.by, "given_on": self.today}
            | {name: task[name] for name in ("branch_id", "client_id", "owner_id")}
            for number, (answer, _, task) in meant.items()
        ]
        self.night.engine.insert("night.given_answer", GIVEN_ANSWER, rows)
        lines = {}
        judged = self.night.inputs.ask("answer_refusal")
        for row in (row for row in judged if row["refused_because"]):
            givers = self.night.inputs.ask("answer_giver", "where number = $n", n=row["number"])
            people = sorted(givers, key=lambda one: (not one["is_of_branch"], one["staff_id"]))
            code = str(row["refused_because"])
            why = _WHY[code].format(by=meant[row["number"]][0].by)
            lines[row["number"]] = No(code, f"{why}. Who may answer: {refusing.named(people)}")
        self.away = {row["number"] for row in judged if row["is_away"]}
        return lines, {row["number"]: row["answered_for"] for row in judged if row["answered_for"]}

    def _one(self, answer: Answer, verdict: str, task: Task, answered_for: str) -> Taken:
        try:
            judged = self._judged(answer, verdict, task, answered_for)
            return refused(answer, judged) if isinstance(judged, No) else self._enter(judged)
        except Refused as error:
            return refused(answer, No("meanwhile", line_of(error)))

    def _judged(self, answer: Answer, verdict: str, task: Task, answered_for: str) -> _Judged | No:
        """The answer with the decision that it means, or why that may not be taken."""
        with self.desk.connect() as connection:
            before = self._proposal(connection, task)
        after = before if verdict == "false_alarm" and before and before.row.get("staff_id") != answer.by else None
        episode = task["episode_id"]
        if episode is None or verdict not in ("false_alarm", "later"):
            return _Judged(answer, verdict, task, answered_for, None, after)
        if verdict == "later":
            put_off = datetime.timedelta(days=setting(self.night, "put_off_days"))
            until = day_in(answer.note) or self.today + put_off
            wanted = refusing.Wanted("episode", episode, "snooze", answer.by, until=until, note=answer.note)
        else:
            first = after.row["staff_id"] if after else answer.by
            checker = answer.by if after else None
            note = answer.note or (after.row.get("note", "") if after else "")
            wanted = refusing.Wanted("episode", episode, "false_alarm", first, checker, note=note)
        refused = refusing.refusal(self.night, wanted, self.today)
        if refused is not None and not (refused[0] == "checker_missing" and after is None):
            return No(refused[0] or "no_episode", line_of(refused[1]))
        return _Judged(answer, verdict, task, answered_for, wanted, after)

    def _proposal(self, connection: Connection, task: Task) -> Entry | None:
        """The newest answer of a task, where it is a false alarm that waits for a second person."""
        found = entries.entered(connection, self.bank.name, _FEEDBACK, f"{task['task_key']}|")
        if not found:
            return None
        newest = found[-1][0]
        return newest if newest.row["status"] == "false_alarm" and "checker_id" not in newest.row else None

    def _enter(self, one: _Judged) -> Taken:
        answer, task, key = one.answer, one.task, one.task["task_key"]
        with self.desk.begin() as connection:
            instant = audit.locked(connection)
            at = min(self.at, instant) if self.at else instant
            before = entries.entered(connection, self.bank.name, _FEEDBACK, f"{key}|")
            said = self._cells(one)
            if any(source == self.source and _is_same(entry, said) for entry, source in before) or (
                before and _is_same(before[-1][0], said)
            ):
                return Taken(answer.number, shown(answer), "known")
            if one.after is not None and (not before or before[-1][0] != one.after):
                raise Refused("the answer was not taken: somebody answered the card meanwhile", "Give it in again.")
            if before and at <= before[-1][0].entered_at:
                at = before[-1][0].entered_at + datetime.timedelta(microseconds=1)
            row = read_row(_FEEDBACK, {**said, "done_at": at.isoformat()}, self.bank.zone)
            door = Door(self.bank.name, answer.by, self.source, self.code)
            detail = {"status": said["status"], "answer": one.verdict, "card_code": task["card_code"] or ""}
            detail |= {"answered_for": one.answered_for} if one.answered_for else {}
            detail |= {"is_away": "true"} if answer.number in self.away else {}
            act = Act("answered", answer.by, "task", key, self.bank.name, detail=detail, code=self.code)
            entries.enter(connection, door, _FEEDBACK, row.row_key, row.cells, act, at)
            if one.wanted is not None:
                self._decide(connection, door, one.wanted, one.after or None, at)
        state: State = "taken" if one.verdict != "false_alarm" else "proposed" if one.is_proposed else "confirmed"
        is_away = answer.number in self.away
        return Taken(answer.number, shown(answer), state, by=answer.by, answered_for=one.answered_for, is_away=is_away)

    def _cells(self, one: _Judged) -> dict[str, str]:
        """The feedback's cells but its instant."""
        person = one.after.row["staff_id"] if one.after else one.answer.by
        cells = {
            "task_key": one.task["task_key"],
            "status": ANSWERS[one.verdict],
            "staff_id": person,
            "checker_id": one.answer.by if one.after else "",
            "note": one.answer.note or (one.after.row.get("note", "") if one.after else ""),
        }
        return {name: text for name, text in cells.items() if text}

    def _decide(
        self,
        connection: Connection,
        door: Door,
        wanted: refusing.Wanted,
        after: Entry | None,
        at: datetime.datetime,
    ) -> None:
        """Enter the decision; that of a second person completes the first one's under the same id."""
        of = after.row["done_at"] if after else at.isoformat()
        seed = audit.canonical(
            {"profile": self.bank.name, "key": wanted.subject_key, "verdict": wanted.verdict, "of": of}
        )
        decision_id = f"desk-{hashlib.sha256(seed.encode()).hexdigest()[:16]}"
        cells = {"decision_id": decision_id, **wanted.cells(), "decided_at": at.isoformat()}
        row = read_row(decision.TABLE, cells, self.bank.zone)
        is_waiting = wanted.verdict == "false_alarm" and wanted.checker is None
        detail: dict[str, str] = {
            name: cells[name] for name in ("decision_id", "verdict", "checker_id", "until", "note") if name in cells
        }
        act = Act(
            "proposed" if is_waiting else "decided",
            wanted.checker or wanted.by,
            wanted.subject,
            wanted.subject_key,
            self.bank.name,
            detail=detail,
            code=self.code,
        )
        entries.enter(
            connection, replace(door, by=wanted.checker or wanted.by), decision.TABLE, row.row_key, row.cells, act, at
        )


@contextmanager
def answer_desk(settings: Settings, profile: str | None = None) -> Iterator[AnswerDesk]:
    """The desk of the newest published night; raises Refused where none is published yet."""
    bank, desk = load_profile(settings, profile), open_desk(settings)
    with desk.connect() as connection:
        day = latest_published_date(connection, bank.name)
        if day is None:
            raise Refused("no answer was taken: no night is published yet", "Run one first.")
        publication = current(connection, bank.name, day)
    with PublishedNight(settings, publication) as night:
        yield AnswerDesk(night, bank, desk)


def take_answers(
    settings: Settings, answers: Sequence[Answer], *, source: str, profile: str | None = None
) -> list[Taken]:
    """Take answers to cards, known from now on; returns what became of each. Raises Refused as answer_desk does."""
    with answer_desk(settings, profile) as desk:
        return desk.take(answers, source=source)


def _is_same(entry: Entry, said: dict[str, str]) -> bool:
    cells = {name: text for name, text in entry.row.items() if name != "done_at"}
    # whoever proposed a false alarm that was confirmed since has said nothing new
    first = {name: text for name, text in cells.items() if name != "checker_id"}
    return said in (cells, first)
