"""How a task fails: in one line, tried again only where that can help; what becomes of its turn and its attempt."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from airflow.sdk.exceptions import AirflowFailException

from nightdesk.attempt.opening import Night, resume_night, take_night
from nightdesk.desk import turn
from nightdesk.desk.database import open_desk
from nightdesk.desk.publication import Publication
from nightdesk.errors import NightdeskError
from nightdesk.night import stepping
from nightdesk.night.stepping import Step
from nightdesk.orchestration.connections import task_settings
from nightdesk.orchestration.runs import asker_of_run, is_last_try, turn_of_run
from nightdesk.ranges.repeating import close_as


@contextmanager
def said() -> Iterator[None]:
    """Let an expected failure be read in one line, and be tried again only where that can help."""
    try:
        yield
    except NightdeskError as error:
        if error.is_final:
            raise AirflowFailException(str(error)) from error
        raise


@contextmanager
def step(attempt_id: str, name: str, before: Callable[[Night], None] | None = None) -> Iterator[tuple[Night, Step]]:
    """A step of an attempt that is in the ledger, in this run's turn to write; what it took, and a failure, are noted.

    `before` is done first, and is no part of it. The turn is kept while Airflow will try again, and given up when the
    attempt has failed for good.
    """
    settings = task_settings()
    with said(), turn.at_work(open_desk(settings), turn_of_run()):
        night = take_night(settings, attempt_id)
        try:
            if before:
                before(night)
            with stepping.step(night, name) as taken:
                yield night, taken
        except BaseException as error:
            if is_last_try() or (isinstance(error, NightdeskError) and error.is_final):
                turn.leave(night.desk, asker_of_run())
                close_as(night, "stopped", "0 of 1 nights; a step of it failed")
            raise


@contextmanager
def delivering(published: Publication, name: str, part: str) -> Iterator[Step]:
    """A step that reads what is published, or a `part` of it: measured and noted as well, in nobody's turn."""
    with said(), stepping.step(resume_night(task_settings(), published.attempt_id), name, part) as taken:
        yield taken


@contextmanager
def opening() -> Iterator[None]:
    """The step that makes the attempt, in this run's turn; without one the turn is given up."""
    desk = open_desk(task_settings())
    with said(), turn.at_work(desk, turn_of_run()):
        try:
            yield
        except BaseException as error:
            if is_last_try() or (isinstance(error, NightdeskError) and error.is_final):
                turn.leave(desk, asker_of_run())
            raise
