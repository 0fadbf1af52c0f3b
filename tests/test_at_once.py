"""Pieces of work done at once."""

import signal
import threading

import duckdb
import pytest

from nightdesk.at_once import at_once
from nightdesk.engine import Engine

#: a statement that takes minutes, unless it is interrupted: the engine looks up only every some seconds of it
_LONG = "select sum(a.range * b.range) from range(10000000) a, range(30000) b"


def _deaf(_: int) -> None:
    """A hand of no engine has nothing to stop."""


@pytest.mark.parametrize("hands", [[1], [1, 2], [1, 2, 3]])
def test_given_pieces_that_wait_for_others_then_each_is_done_once_and_after_those(hands: list[int]) -> None:
    after = {"sum": {"left", "right"}, "left": {"base"}, "right": {"base"}, "base": set(), "alone": set()}
    done: list[str] = []
    at_once(after, hands, lambda _, name: done.append(name), _deaf)
    assert sorted(done) == sorted(after)
    assert all(done.index(first) < done.index(name) for name, names in after.items() for first in names)


def test_given_two_that_wait_for_none_then_they_are_at_work_together_each_with_a_hand_of_its_own() -> None:
    both = threading.Barrier(2, timeout=60)
    held: dict[str, int] = {}

    def work(hand: int, name: str) -> None:
        held[name] = hand
        both.wait()  # breaks where one is done after the other

    at_once({"a": (), "b": ()}, [1, 2], work, _deaf)
    assert sorted(held.values()) == [1, 2]


def test_given_one_that_fails_then_its_error_is_raised_and_what_waits_for_it_is_not_begun() -> None:
    begun: list[str] = []

    def work(_: int, name: str) -> None:
        begun.append(name)
        if name == "bad":
            raise KeyError(name)

    with pytest.raises(KeyError, match="bad"):
        at_once({"bad": (), "next": {"bad"}}, [1, 2], work, _deaf)
    assert begun == ["bad"]


def test_given_connections_beside_an_engine_s_then_what_one_makes_the_others_see() -> None:
    with Engine({"n": 3}) as engine:
        engine.schema("s")
        engine.insert("s.base", {"a": "INTEGER"}, [{"a": 1}, {"a": 2}])
        sql = {"left": "select a + $n as a from s.base", "right": "select -a as a from s.base"}
        sql["both"] = "select * from s.left_ union all select * from s.right_"
        with engine.hands(2) as hands:
            at_once(
                {"left": (), "right": (), "both": {"left", "right"}},
                hands,
                lambda hand, name: hand.build(f"s.{name}_", sql[name], as_view=False),
                Engine.interrupt,
            )
        assert [row["a"] for row in engine.rows("select a from s.both_ order by a")] == [-2, -1, 4, 5]
        assert engine.exists("s.both_")


@pytest.mark.parametrize("hands", [1, 2])
def test_given_a_long_statement_when_the_process_is_interrupted_then_it_is_left_off_and_not_waited_for(
    hands: int,
) -> None:
    begun, ended = threading.Event(), list[str]()

    def interrupt() -> None:
        begun.wait(60)
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    def work(hand: Engine, _: str) -> None:
        try:
            begun.set()
            hand.value(_LONG)
            ended.append("whole")
        except (duckdb.Error, RuntimeError, KeyboardInterrupt):
            ended.append("left off")
            raise

    sender = threading.Thread(target=interrupt)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a process of tests may ignore it
    try:
        with Engine(threads=1) as engine, engine.hands(hands) as opened:
            sender.start()
            with pytest.raises((KeyboardInterrupt, RuntimeError)) as raised:
                at_once({"long": ()}, opened, work, Engine.interrupt)
            # of one hand, which works in this thread, the engine ends the statement, and may say so in its own way
            assert hands == 1 or raised.type is KeyboardInterrupt
            assert ended == ["left off"]
            assert opened[0].value("select 1") == 1, "the connection is as good as before"
        sender.join()
    finally:
        signal.signal(signal.SIGINT, before)


def test_given_one_that_fails_beside_a_long_statement_then_that_is_left_off_and_the_first_error_is_raised() -> None:
    begun, ended = threading.Event(), list[str]()

    def work(hand: Engine, name: str) -> None:
        if name == "bad":
            begun.wait(60)
            raise KeyError(name)
        begun.set()  # the call to stop may come before the statement: it is called again
        try:
            hand.value(_LONG)
            ended.append("whole")
        except duckdb.InterruptException:
            ended.append("left off")
            raise

    with Engine(threads=1) as engine, engine.hands(2) as opened, pytest.raises(KeyError, match="bad"):
        at_once({"bad": (), "long": ()}, opened, work, Engine.interrupt)
    assert ended == ["left off"]
