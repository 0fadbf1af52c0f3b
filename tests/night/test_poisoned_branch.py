"""A branch whose list cannot be made fails alone: the others' are written and mailed, and the end names it."""

import logging
import shutil
from functools import partial

import pytest
from hand_bank import D, days_back

from nightdesk.desk.database import open_desk
from nightdesk.desk.publication import current
from nightdesk.errors import SourceError, StoreError, Unrendered, UsageError
from nightdesk.night.each import Each
from nightdesk.night.pages import render_branches
from nightdesk.night.whole import run_night
from nightdesk.reading.showing import revision_folder
from nightdesk.render.outputs import branch_folder
from nightdesk.settings import Settings

EVE = days_back(1)


def test_given_a_branch_that_cannot_be_written_when_a_night_runs_then_the_others_are_mailed_and_the_end_names_it(
    eve: Settings, ten_source: str
) -> None:
    settings = eve
    with open_desk(settings).connect() as connection:
        published = current(connection, "contract", EVE)
    list_of = partial(branch_folder, revision_folder(settings, published))
    shutil.rmtree(revision_folder(settings, published))
    list_of("B1").parent.mkdir(parents=True)
    list_of("B1").write_text("in the way")
    with pytest.raises(
        Unrendered, match=r"1 of 2 lists of 2026-03-30 could not be made: B1 \(.*; 1 of \d+ pages .*: B1 contact_plan"
    ):
        run_night(settings, EVE, source=ten_source, send=True)
    shown = settings.out / str(EVE)
    assert (branch_folder(shown, "B2") / "list.html").exists()
    assert (shown / "quality.html").exists(), "the pages are there too"
    assert len(list((settings.home / "mail").glob("*.eml"))) == 1

    list_of("B1").unlink()
    done: list[str] = []
    assert render_branches(settings, published, ["B1"], on_done=done.append) == 1
    assert done == ["B1"]


def test_given_a_defect_then_it_is_final_and_neither_message_nor_log_quotes_a_value(
    caplog: pytest.LogCaptureFixture,
) -> None:
    each = Each("list", "contract", D)
    value = "Alice 138-0013-8000"
    with caplog.at_level(logging.ERROR):
        with each.one("B1"):
            raise KeyError(value)
        with each.one("B2"):
            pass
    with pytest.raises(Unrendered, match=r"1 of 2 lists of 2026-03-31 could not be made: B1 \(KeyError\)") as raised:
        each.require_all()
    assert raised.value.is_final
    assert "test_poisoned_branch.py" in caplog.text
    assert "Alice" not in caplog.text + str(raised.value)


@pytest.mark.parametrize(
    ("errors", "is_final"),
    [
        ([SourceError("gone", "wait")], False),
        ([OSError(28, "No space left on device")], False),
        ([NotADirectoryError(20, "Not a directory")], True),
        ([SourceError("gone", "wait"), UsageError("no such branch", "name one")], True),
    ],
)
def test_given_only_errors_that_pass_then_it_may_be_tried_again(errors: list[Exception], is_final: bool) -> None:
    each = Each("page", "contract", D)
    for number, error in enumerate(errors):
        with each.one(str(number)):
            raise error
    with pytest.raises((StoreError, Unrendered)) as raised:
        each.require_all()
    assert raised.value.is_final is is_final


def test_given_none_that_failed_then_nothing_is_raised() -> None:
    each = Each("list", "contract", D)
    with each.one("B1"):
        pass
    each.require_all()
