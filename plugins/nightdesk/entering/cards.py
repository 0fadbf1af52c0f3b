"""Which task an answer is about: by the code that its card bears, or by the key of its row in the workbook."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from nightdesk.attempt.batches import find, view
from nightdesk.card_code import is_code
from nightdesk.entering.answers import Answer, No
from nightdesk.policy import policy
from nightdesk.reading.published import columns_of
from nightdesk.reading.published_night import PublishedNight

#: a task as asked/answerable and asked/answerable_before give it
Task = Mapping[str, Any]
_LAKE_TABLE = "tasks/task"


class Cards:
    """The tasks of the newest published night, and, only when one is asked for, those of the nights before it."""

    def __init__(self, night: PublishedNight) -> None:
        self._night = night
        self._tonight: Sequence[Task] = night.inputs.ask("answerable")
        self._before: Sequence[Task] | None = None
        self.nights = int(setting(night, "answerable_nights"))

    def of(self, answer: Answer, branch_id: str | None) -> Task | No:
        """The task that is meant, or why there is none; where two branches have the code, that of `branch_id`."""
        if answer.code and not is_code(answer.code):
            return No("mistyped", "the card code is mistyped: its check letter does not fit. Copy it from the list")
        if not (answer.code or answer.task_key):
            return No("no_code", "the card code is missing. Copy it from the list")
        for tasks in (self._tonight, None):
            found = [task for task in (self._earlier() if tasks is None else tasks) if _fits(task, answer)]
            if len(found) > 1:
                found = [task for task in found if task["branch_id"] == branch_id]
            if len(found) == 1:
                return found[0]
        if answer.code and answer.task_key and self._is_known(answer):
            said = "the card code and the task key are of two rows. Sort whole rows only, and take both from the list"
            return No("two_rows", said)
        said = f"no list of the last {self.nights} nights has this card. Take the code from the newest list"
        return No("no_card", said)

    def _earlier(self) -> Sequence[Task]:
        if self._before is None:
            batches = self._night.inputs.chain(_LAKE_TABLE)[-self.nights - 1 : -1]
            self._before = []
            if batches:
                found = find(self._night.settings.lake_root, self._night.night.desk, _LAKE_TABLE, batches)
                view(self._night.engine, "night.task_lately", found, columns_of(_LAKE_TABLE))
                self._before = self._night.inputs.ask("answerable_before")
        return self._before

    def _is_known(self, answer: Answer) -> bool:
        return any(
            task["card_code"] == answer.code or task["task_key"] == answer.task_key
            for task in (*self._tonight, *self._earlier())
        )


def setting(night: PublishedNight, name: str) -> int:
    """A number of policy answer_setting, as it is in force on the night's date."""
    rows = policy(night.night.profile.name)["answer_setting"].effective(night.publication.business_date)
    return int(Decimal(str(next(row["value"] for row in rows if row["setting"] == name))))


def _fits(task: Task, answer: Answer) -> bool:
    return (not answer.code or task["card_code"] == answer.code) and (
        not answer.task_key or task["task_key"] == answer.task_key
    )
