"""Whether what left for a branch says what stands: of its own list, or of the part that a person got of it."""

import datetime
from pathlib import Path

import pytest

from nightdesk.desk.outbox import Item
from nightdesk.desk.publication import Publication
from nightdesk.mail.compose import PERSON, Body
from nightdesk.mail.kept import keep_body
from nightdesk.reading.received import _is_current
from nightdesk.reading.showing import is_shown, revision_folder, shown_folder
from nightdesk.settings import Settings

D = datetime.date(2026, 3, 31)
STANDING = Publication("contract", D, 2, "a2", datetime.datetime(2026, 4, 1, tzinfo=datetime.UTC), "content", "state")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A home in which the standing revision has a list of B1, and a person's part of it."""
    made = Settings(home=tmp_path)
    for person, digest in (("", "whole"), ("S1", "part")):
        body = Body(D, "B1", 2, "zh_CN", "subject", False, "text", "html", digest)
        keep_body(revision_folder(made, STANDING), body, person)
    return made


def _item(kind: str, revision: int, digest: str, branch: str = "B1") -> Item:
    return Item("<m@localhost>", "contract", D, branch, kind, revision, "b1@bank.example", "zh_CN", "subject",
                content_digest=digest)  # fmt: skip


@pytest.mark.parametrize(
    ("item", "is_current"),
    [
        (_item("branch_list", 1, "whole"), True),
        (_item("branch_list", 1, "former"), False),
        (_item("branch_list", 2, "former"), False),  # a name was corrected under the same revision
        (_item("branch_list", 2, "whole"), True),
        (_item("branch_list", 1, ""), None),
        (_item("branch_list", 2, ""), True),
        (_item("branch_list", 1, "whole", "B2"), None),  # whose list does not stand
        (_item("branch_list", 2, "whole", "B2"), True),
        (_item(f"{PERSON}S1", 1, "part"), True),
        (_item(f"{PERSON}S1", 1, "whole"), False),
        (_item(f"{PERSON}S2", 1, "whole"), True),  # the head has the whole list
    ],
)
def test_given_what_left_then_it_is_current_where_it_says_what_stands_and_unknown_where_nobody_kept_it(
    settings: Settings, item: Item, is_current: bool | None
) -> None:
    assert _is_current(settings, STANDING, item) is is_current


def test_given_a_revision_then_its_folder_has_its_number_and_twelve_digits_and_only_a_link_to_it_shows_it(
    settings: Settings,
) -> None:
    folder = revision_folder(settings, STANDING)
    number, _, digest = folder.name.partition("-")
    assert (number, len(digest)) == ("2", 12)
    shown = shown_folder(settings, D)
    assert not is_shown(settings, STANDING)
    shown.symlink_to(folder)
    assert is_shown(settings, STANDING)
    shown.unlink()
    shown.symlink_to(folder.with_name("1-0123456789ab"))  # gone
    assert not is_shown(settings, STANDING)
    folder.with_name("1-0123456789ab").mkdir()
    assert not is_shown(settings, STANDING)
