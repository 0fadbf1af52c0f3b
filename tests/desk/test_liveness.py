"""Lost attempts: what nobody works on any more is closed when another attempt begins, and nothing else ever is."""

import datetime
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text

from nightdesk.desk import steps
from nightdesk.desk.database import open_desk
from nightdesk.desk.ledger import Attempt, begin_step, get_attempt, new_attempt_id, open_attempt
from nightdesk.desk.liveness import working_on
from nightdesk.desk.pins import Pin, set_pins
from nightdesk.desk.publication import publish
from nightdesk.desk.tables import attempt
from nightdesk.errors import Refused
from nightdesk.settings import Settings

D = datetime.date(2026, 3, 31)
ONE_DAY = datetime.timedelta(days=1)


@pytest.fixture
def desk(desk_database: str, tmp_path: Path) -> Engine:
    return open_desk(Settings(home=tmp_path, desk_url=desk_database))


def opened(desk: Engine, day: datetime.date = D, attempt_id: str | None = None) -> Attempt:
    return open_attempt(
        desk,
        profile="contract",
        business_date=day,
        cutoff_at=datetime.datetime.combine(day, datetime.time(21), datetime.UTC),
        source="sqlite://",
        base_ccy="CNY",
        policy_version="p",
        code_version="c",
        attempt_id=attempt_id,
    )


def in_one_process(desk: Engine, process: ExitStack, day: datetime.date = D) -> Attempt:
    """An attempt of the command line; leaving `process` is its end."""
    attempt_id = new_attempt_id(day)
    process.enter_context(working_on(desk, attempt_id))
    return opened(desk, day, attempt_id)


def status(desk: Engine, item: Attempt) -> str:
    with desk.connect() as connection:
        return get_attempt(connection, item.attempt_id).status


def step_states(desk: Engine, item: Attempt) -> dict[str, str]:
    with desk.connect() as connection:
        return {row["step"]: row["status"] for row in steps.steps_of(connection, item.attempt_id)}


def hours_pass(desk: Engine, hours: int) -> None:
    with desk.begin() as connection:
        connection.execute(text(f"update attempt set opened_at = opened_at - interval '{hours} hours'"))
        moved = ", ".join(f"{name} = {name} - interval '{hours} hours'" for name in ("started_at", "ended_at"))
        connection.execute(text(f"update step set {moved}"))


@pytest.mark.parametrize("day", [D - ONE_DAY, D, D + ONE_DAY])
def test_given_an_attempt_of_one_process_then_it_is_lost_when_that_has_ended_and_not_before(
    desk: Engine, day: datetime.date
) -> None:
    with ExitStack() as process:
        first = in_one_process(desk, process)
        hours_pass(desk, 30)
        opened(desk, day)
        assert status(desk, first) == "running", "however long it takes, it lives"
    opened(desk, day)
    assert status(desk, first) == "lost"
    with desk.connect() as connection:
        row = connection.execute(select(attempt).where(attempt.c.attempt_id == first.attempt_id)).one()
    assert "killed" in row.message
    assert row.closed_at is not None


def test_given_an_attempt_between_two_steps_of_a_run_then_it_is_not_lost_before_no_run_waits_so_long(
    desk: Engine,
) -> None:
    first = opened(desk)
    tries = steps.begin(desk, first.attempt_id, "extract")
    steps.end(desk, first.attempt_id, "extract", "", tries, "done")
    hours_pass(desk, 19)
    opened(desk)
    opened(desk, D + ONE_DAY)
    assert status(desk, first) == "running"
    set_pins(desk, begin_step(desk, first.attempt_id), [Pin("landing/txn", "a", 1, starts_chain=False)])
    hours_pass(desk, 2)
    opened(desk, D + ONE_DAY)
    assert (status(desk, first), step_states(desk, first)) == ("lost", {"extract": "done"})


def test_given_a_step_that_was_killed_then_it_may_be_tried_again_until_another_attempt_takes_its_place(
    desk: Engine,
) -> None:
    first = opened(desk)
    steps.begin(desk, first.attempt_id, "extract")
    opened(desk, D + ONE_DAY)
    assert status(desk, first) == "running", "its orchestrator may try the step again"
    with working_on(desk, first.attempt_id):
        opened(desk)
        assert status(desk, first) == "running", "its process lives"
    opened(desk)
    assert (status(desk, first), step_states(desk, first)) == ("lost", {"extract": "lost"})


def test_given_two_copies_of_a_step_then_neither_waits_for_the_other_and_one_that_lives_is_enough(
    desk: Engine,
) -> None:
    first = opened(desk)
    steps.begin(desk, first.attempt_id, "check")
    with working_on(desk, first.attempt_id):
        with working_on(desk, first.attempt_id):
            pass
        opened(desk)
        assert status(desk, first) == "running"


def test_given_a_lost_attempt_then_a_later_step_of_it_is_refused_in_one_line(desk: Engine) -> None:
    with ExitStack() as process:
        first = in_one_process(desk, process)
    opened(desk)
    with pytest.raises(Refused, match=f"given up as lost .* nightdesk night --date {D}"):
        begin_step(desk, first.attempt_id)
    with pytest.raises(Refused, match="is lost"):
        set_pins(desk, first, [Pin("landing/txn", "a", 1, starts_chain=False)])
    with pytest.raises(Refused, match="is lost"):
        publish(desk, first, "hash")


def test_given_a_published_attempt_killed_while_its_lists_were_rendered_then_it_stays_published(desk: Engine) -> None:
    with ExitStack() as process:
        first = in_one_process(desk, process)
        publish(desk, first, "hash")
        steps.begin(desk, first.attempt_id, "render", "1")
    opened(desk, D + ONE_DAY)
    assert (status(desk, first), step_states(desk, first)) == ("published", {"render": "lost"})


def test_given_a_step_begun_again_then_its_row_is_of_the_newest_try_and_an_older_copy_cannot_close_it(
    desk: Engine,
) -> None:
    item = opened(desk)
    first = steps.begin(desk, item.attempt_id, "extract")
    steps.end(desk, item.attempt_id, "extract", "", first, "failed", message="the source went away", row_count=7)
    second = steps.begin(desk, item.attempt_id, "extract")
    steps.end(desk, item.attempt_id, "extract", "", first, "done", row_count=1)
    with desk.connect() as connection:
        (row,) = steps.steps_of(connection, item.attempt_id)
    assert (row["tries"], row["status"], row["message"], row["row_count"]) == (second, "running", "", None)
    assert second == 2
    assert row["ended_at"] is None
