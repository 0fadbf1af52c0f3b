"""Which tests are left to `make test-nights`: those that have a night made which no other test shares."""

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from hand_bank import D
from night_runs import publish_night
from own_nights import makes_night

from nightdesk.night.whole import run_night
from nightdesk.settings import project_root


def _made(settings: Any) -> object:
    return publish_night(settings, D, "a source")


def _through_another(settings: Any) -> object:
    return _made(settings)


def _told(terminal: Any) -> object:
    return terminal.run("night", "--date", str(D))


def _told_by_words(terminal: Any) -> object:
    words = ("backfill", "--from", str(D))
    return terminal.run(*words)


def _within(night_of: Any) -> object:
    return night_of("a name", {}, lambda made, source: run_night(made, D, source=source))


def _read(two_nights: Any) -> object:
    return two_nights.second.publication.revision


def _asked(terminal: Any) -> object:
    return terminal.run("export", "night", "--date", str(D))


@pytest.mark.parametrize("function", [_made, _through_another, _told, _told_by_words, _within])
def test_given_what_makes_a_night_itself_or_by_another_function_or_a_command_then_it_is_seen(
    function: Callable[..., object],
) -> None:
    assert makes_night(function)


@pytest.mark.parametrize("function", [_read, _asked, len])
def test_given_what_only_reads_or_asks_then_it_makes_none(function: Callable[..., object]) -> None:
    assert not makes_night(function)


def test_given_a_file_of_tests_when_chosen_then_a_bank_of_their_own_is_among_the_nights_and_the_rest_is_not() -> None:
    chosen = {
        mark: subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                "--collect-only",
                "-q",
                "-n",
                "0",
                "-m",
                mark,
                "tests/night/test_answers.py",
            ],
            cwd=project_root(),
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for mark in ("night", "not night")
    }
    of_a_bank_of_its_own = (
        "test_given_a_night_then_each_card_of_a_branch_has_a_code_of_its_own_in_list_page_and_workbook"
    )
    assert of_a_bank_of_its_own in chosen["night"], "it asks for the night of the bank of people who decide"
    assert of_a_bank_of_its_own not in chosen["not night"]
    of_no_night = "test_given_a_file_that_is_none_then_it_is_refused_whole"
    assert of_no_night in chosen["not night"]
    assert of_no_night not in chosen["night"]
