"""Pieces of work done at once."""

import threading

import pytest

from nightdesk.at_once import at_once
from nightdesk.engine import Engine


@pytest.mark.parametrize("hands", [[1], [1, 2], [1, 2, 3]])
def test_given_pieces_that_wait_for_others_then_each_is_done_once_and_after_those(hands: list[int]) -> None:
    after = {"sum": {"left", "right"}, "left": {"base"}, "right": {"base"}, "base": set(), "alone": set()}
    done: list[str] = []
    at_once(after, hands, lambda _, name: done.append(name))
    assert sorted(done) == sorted(after)
    assert all(done.index(first) < done.index(name) for name, names in after.items() for first in names)


def test_given_two_that_wait_for_none_then_they_are_at_work_together_each_with_a_hand_of_its_own() -> None:
    both = threading.Barrier(2, timeout=60)
    held: dict[str, int] = {}

    def work(hand: int, name: str) -> None:
        held[name] = hand
        both.wait()  # breaks where one is done after the other

    at_once({"a": (), "b": ()}, [1, 2], work)
    assert sorted(held.values()) == [1, 2]


def test_given_one_that_fails_then_its_error_is_raised_and_what_waits_for_it_is_not_begun() -> None:
    begun: list[str] = []

    def work(_: int, name: str) -> None:
        begun.append(name)
        if name == "bad":
            raise KeyError(name)

    with pytest.raises(KeyError, match="bad"):
        at_once({"bad": (), "next": {"bad"}}, [1, 2], work)
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
            )
        assert [row["a"] for row in engine.rows("select a from s.both_ order by a")] == [-2, -1, 4, 5]
        assert engine.exists("s.both_")
