"""Paper that is set while the next page is rendered."""

import datetime
import threading
from functools import partial

import pytest

from nightdesk.errors import Unrendered
from nightdesk.metering import Meter, wrote
from nightdesk.night.each import Each
from nightdesk.night.papers import Papers


def each() -> Each:
    return Each("page", "contract", datetime.date(2026, 10, 15))


def test_given_pages_with_paper_then_all_is_done_when_it_is_left_and_measured_with_who_asked() -> None:
    done: list[int] = []

    def rest(number: int) -> None:
        done.append(number)
        wrote(10)

    with Meter() as meter, Papers(each()) as papers:
        for number in range(30):
            papers.add(str(number), partial(rest, number))
    assert done == list(range(30))
    assert meter.written_bytes == 300


def test_given_one_that_cannot_be_printed_then_it_fails_alone_and_is_named() -> None:
    noted, done = each(), list[int]()

    def bad() -> None:
        raise KeyError("name")

    with Papers(noted) as papers:
        for number in range(10):
            with noted.one(f"P{number}"):
                papers.add(f"P{number}", bad if number == 3 else partial(done.append, number))
    assert len(done) == 9
    with pytest.raises(Unrendered, match=r"1 of 10 pages of 2026-10-15 could not be made: P3 \(KeyError\)"):
        noted.require_all()


def test_given_paper_at_work_then_the_next_page_is_rendered_meanwhile() -> None:
    rendered = threading.Event()
    waited: list[bool] = []
    with Papers(each()) as papers:
        papers.add("first", lambda: waited.append(rendered.wait(60)))
        rendered.set()  # would not come to it, were the paper set first
    assert waited == [True]
