"""Cycles of unused objects while a step works."""

import gc
import weakref
from contextlib import suppress

from nightdesk.cycles import seldom_sought

#: fewer than any process of tests holds
MANY = 20_000


class _Node:
    def __init__(self) -> None:
        self.me = self


def test_given_cycles_that_a_step_leaves_then_they_are_found_late_and_not_never() -> None:
    with seldom_sought():
        first = weakref.ref(_Node())
        few: list[list[int]] = [[] for _ in range(2_000)]  # the search would have come twice by now
        assert first() is not None
        many: list[list[int]] = [[] for _ in range(60_000)]
        assert first() is None
    assert len(few) + len(many) == 62_000


def test_given_steps_within_steps_and_one_that_fails_then_the_search_is_as_it_was() -> None:
    before = gc.get_threshold()
    with suppress(KeyError), seldom_sought(), seldom_sought():
        assert gc.get_threshold() != before
        raise KeyError
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0


def test_given_a_step_within_a_step_then_what_was_there_stays_unsearched_until_the_outer_one_ends() -> None:
    with seldom_sought():
        with seldom_sought():
            pass
        assert gc.get_freeze_count() > MANY
    assert gc.get_freeze_count() == 0


def test_given_a_heap_that_was_frozen_before_a_fork_when_a_step_works_there_then_it_stays_frozen() -> None:
    gc.freeze()
    try:
        before = gc.get_freeze_count()
        new = [[number] for number in range(MANY)]
        with seldom_sought():
            assert gc.get_freeze_count() < before + MANY, "what is new is nobody's to keep for ever"
        assert gc.get_freeze_count() > MANY
        assert len(new) == MANY
    finally:
        gc.unfreeze()
