"""The writer's turn: one at a time, the fresh night first, the dead forgotten, and the loser told for whom it waits."""

import datetime
import logging
import subprocess
import sys
import threading
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
import pytest
from sqlalchemy import Engine, update

from nightdesk.desk import turn
from nightdesk.desk.database import open_desk
from nightdesk.desk.turn import FRESH, LEASE, REPLAY, Request
from nightdesk.errors import Busy
from nightdesk.settings import Settings

D = datetime.date(2026, 3, 31)
ONE_DAY = datetime.timedelta(days=1)
SHANGHAI = ZoneInfo("Asia/Shanghai")
#: a process that holds the turn until it is killed
HOLDER = """
import sys, time, datetime
from nightdesk.desk import turn
from nightdesk.desk.database import open_desk
from nightdesk.settings import Settings
wanted = turn.of_process("contract", datetime.date(2026, 3, 31), is_replay=False)
with turn.taken(open_desk(Settings(home=sys.argv[1], desk_url=sys.argv[2])), wanted, 0):
    print("holds", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def desk(desk_database: str, tmp_path: Path) -> Engine:
    return open_desk(Settings(home=tmp_path, desk_url=desk_database))


def run(name: str, rank: int = FRESH, day: datetime.date = D, profile: str = "contract") -> Request:
    """A run of several processes."""
    return Request(name, profile, day, rank, f"the run {name}", LEASE)


def test_given_a_holder_when_another_asks_then_it_is_told_who_writes_and_since_when(desk: Engine) -> None:
    assert turn.seek(desk, run("a")) is None
    assert turn.seek(desk, run("a")) is None, "it has it still"
    ahead = turn.seek(desk, run("b"))
    assert ahead is not None
    assert ahead.is_writing
    assert str(ahead).startswith("the run a, which writes since 20")
    turn.leave(desk, "a")
    assert turn.seek(desk, run("b")) is None


def test_given_banks_that_share_a_desk_then_they_do_not_wait_for_each_other(desk: Engine) -> None:
    assert turn.seek(desk, run("a")) is None
    assert turn.seek(desk, run("b", profile="berka")) is None


def test_given_a_backfill_between_two_nights_then_the_fresh_night_goes_first_and_then_the_oldest_replay(
    desk: Engine,
) -> None:
    assert turn.seek(desk, run("replay 1", REPLAY, D - 3 * ONE_DAY)) is None
    assert turn.seek(desk, run("replay 3", REPLAY, D - ONE_DAY)) is not None
    assert turn.seek(desk, run("replay 2", REPLAY, D - 2 * ONE_DAY)) is not None
    assert turn.seek(desk, run("tonight")) is not None, "it asked last"
    turn.leave(desk, "replay 1")
    order = []
    waiting = [run("replay 3", REPLAY, D - ONE_DAY), run("replay 2", REPLAY, D - 2 * ONE_DAY), run("tonight")]
    while waiting:
        (first,) = [wanted for wanted in waiting if turn.seek(desk, wanted) is None]
        order.append(first.asker)
        turn.leave(desk, first.asker)
        waiting.remove(first)
    assert order == ["tonight", "replay 2", "replay 3"]


def test_given_a_process_that_waits_then_it_says_for_whom_and_goes_on_when_the_holder_leaves(
    desk: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    assert turn.seek(desk, run("a")) is None
    told, done = threading.Event(), threading.Event()

    class Telling(logging.Handler):
        def emit(self, _record: logging.LogRecord) -> None:
            told.set()

    def wait() -> None:
        with turn.taken(desk, turn.of_process("contract", D, is_replay=False, zone=SHANGHAI), 5):
            done.set()

    handler = Telling()
    logging.getLogger("nightdesk.desk.turn").addHandler(handler)
    waiter = threading.Thread(target=wait)
    earliest = datetime.datetime.now(SHANGHAI) + datetime.timedelta(minutes=5)
    waiter.start()
    assert told.wait(60)
    latest = datetime.datetime.now(SHANGHAI) + datetime.timedelta(minutes=5)
    assert not done.is_set()
    turn.leave(desk, "a")
    waiter.join(60)
    logging.getLogger("nightdesk.desk.turn").removeHandler(handler)
    assert done.is_set()
    assert "waits for the run a, which writes since" in caplog.text
    until = {f"; at most until {at:%Y-%m-%d %H:%M} (Asia/Shanghai)" for at in (earliest, latest)}
    assert any(said in caplog.text for said in until), "in the bank's time"
    assert turn.seek(desk, run("b")) is None, "it was given back"


def test_given_no_patience_then_the_loser_says_who_is_first_and_leaves_no_request(desk: Engine) -> None:
    assert turn.seek(desk, run("a")) is None
    with (
        pytest.raises(Busy, match=r"the night of 2026-03-31 .* cannot begin: first comes the run a") as raised,
        turn.taken(desk, turn.of_process("contract", D, is_replay=False), 0),
    ):
        pass
    assert raised.value.exit_code == 5
    assert not raised.value.is_final, "another try can help"
    turn.leave(desk, "a")
    assert turn.seek(desk, run("b", REPLAY)) is None


def test_given_a_holder_that_is_killed_then_its_turn_is_free_at_once(
    desk: Engine, desk_database: str, tmp_path: Path
) -> None:
    command = [sys.executable, "-c", HOLDER, str(tmp_path), desk_database]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "holds\n"
        ahead = turn.seek(desk, run("b"))
        assert ahead is not None
        assert f"process {holder.pid}" in ahead.what
        holder.kill()
        holder.wait()
    _until_alone(desk_database)
    assert turn.seek(desk, run("b")) is None


def test_given_a_run_between_two_tasks_then_it_keeps_its_turn_for_the_lease_and_no_longer(desk: Engine) -> None:
    with turn.at_work(desk, run("a")):
        pass
    assert turn.seek(desk, run("b")) is not None, "no process of it lives, but it was seen just now"
    _seen(desk, "a", LEASE + ONE_DAY)
    assert turn.seek(desk, run("b")) is None
    with pytest.raises(Busy, match="the run a cannot go on: first comes the run b"), turn.at_work(desk, run("a")):
        pass


def test_given_a_step_that_takes_longer_than_the_lease_then_its_run_keeps_the_turn(desk: Engine) -> None:
    with turn.at_work(desk, run("a")):
        _seen(desk, "a", LEASE + ONE_DAY)
        assert turn.seek(desk, run("b")) is not None
    assert turn.seek(desk, run("b")) is not None, "the end of the step was a sign of life"


def test_given_a_run_that_comes_back_now_and_then_when_its_time_is_over_then_it_is_refused(desk: Engine) -> None:
    assert turn.seek(desk, run("a")) is None
    waiting = turn.refuse_after(desk, run("b"), 10)
    assert waiting is not None
    assert "; at most until 20" in str(waiting)
    with desk.begin() as connection:
        asked_at = datetime.datetime.now(datetime.UTC) - datetime.timedelta(minutes=11)
        connection.execute(update(turn.turn).where(turn.turn.c.asker == "b").values(asked_at=asked_at))
    with pytest.raises(Busy, match="waited 10 minutes"):
        turn.refuse_after(desk, run("b"), 10)


def _seen(desk: Engine, asker: str, ago: datetime.timedelta) -> None:
    with desk.begin() as connection:
        seen_at = datetime.datetime.now(datetime.UTC) - ago
        connection.execute(update(turn.turn).where(turn.turn.c.asker == asker).values(seen_at=seen_at))


def _until_alone(url: str) -> None:
    """Wait until the server has noticed that the killed process is gone."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        while connection.execute(
            "select count(*) from pg_locks where classid = 724005 and objsubid = 2"
        ).fetchone() != (0,):
            threading.Event().wait(0.1)
