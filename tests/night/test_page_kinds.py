"""Kinds of pages: a module in their folder is one, and no list anywhere names it."""

import re
import sys
from pathlib import Path

import pytest
from night_runs import CopySettings, TwoNights

from nightdesk.desk.publication import Publication
from nightdesk.errors import Unrendered
from nightdesk.night import page_kind
from nightdesk.night.page_kind import Pages, kinds
from nightdesk.night.page_kind.visit_calendar import by_acting
from nightdesk.night.pages import render_pages
from nightdesk.reading.published_night import PublishedNight
from nightdesk.reading.showing import revision_folder
from nightdesk.settings import Settings, project_root

#: all that a page per client takes beside its template and its words
CLIENT = """
from nightdesk.night.page_kind import html_page


def pages(night):
    for row in night.night.source("client", "client_id"):
        yield html_page("client", row["client_id"], lambda row=row: made(row))


def made(row):
    if row["client_id"] == {failing!r}:
        raise KeyError("name")
    return "<p>" + row["client_id"] + "</p>"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def laid(folder: Path, name: str, text: str) -> dict[str, page_kind.Kind]:
    """The kinds of a folder in which one module was laid, and nothing else done."""
    (folder / f"{name}.py").write_text(text, encoding="utf-8")
    sys.modules.pop(name, None)
    return kinds([str(folder)], package="")


def test_given_the_products_folder_when_its_kinds_are_asked_for_then_each_module_is_one_and_nobody_names_it() -> None:
    home = Path(page_kind.__file__).parent
    assert set(kinds()) == {path.stem for path in home.glob("*.py")} - {"__init__"}
    texts = [path.read_text() for path in (project_root() / "plugins").rglob("*.py") if path.parent != home]
    assert len(texts) > 200
    assert [name for name in kinds() for text in texts if f"page_kind.{name}" in text] == []


def test_given_every_page_of_a_night_when_it_is_begun_then_no_paper_is_set_before_what_is_left_is_done(
    two_nights: TwoNights, tmp_path: Path
) -> None:
    """Paper is set by the thread of Papers; one that is set while a page is begun stops the next page."""
    left: dict[str, list[object]] = {}
    with PublishedNight(two_nights.settings, two_nights.second.publication) as published:
        night = Pages(published)
        for kind, module in kinds().items():
            for page in module.pages(night):
                if rest := page.begin(tmp_path):
                    left.setdefault(kind, []).append(rest)
    assert left.keys() >= {"digest", "exit_plan"}
    assert list(tmp_path.rglob("*.pdf")) == []
    assert not (tmp_path / "digest.html").exists(), "the page comes last"
    home = Path(page_kind.__file__).parent
    printing = re.compile(r"render\.paper|\bwrite_(book|page)\b")
    assert [path.name for path in home.glob("*.py") if printing.search(path.read_text())] == ["__init__.py"]


@pytest.fixture
def settings(two_nights: TwoNights, copy_of: CopySettings) -> Settings:
    """A copy of the two nights, to write pages into."""
    return copy_of(two_nights.settings)


def test_given_a_module_laid_in_the_folder_when_pages_are_rendered_then_every_client_has_one(
    settings: Settings, two_nights: TwoNights, folder: Path
) -> None:
    published = two_nights.second.publication
    found = laid(folder, "client_page", CLIENT.format(failing=None))
    assert set(found) == {"client_page"}
    count = render_pages(settings, published, found)
    assert count == len(client_pages(settings, published)) == 10


def test_given_a_page_that_fails_when_rendered_then_it_fails_alone_and_is_named(
    settings: Settings, two_nights: TwoNights, folder: Path
) -> None:
    published = two_nights.second.publication
    client = "C01"
    found = laid(folder, "client_page_failing", CLIENT.format(failing=client))
    with pytest.raises(Unrendered, match=rf"1 of 10 pages of .* could not be made: {client} \(KeyError\)"):
        render_pages(settings, published, found)
    assert len(client_pages(settings, published)) == 9


def test_given_a_kind_that_cannot_read_when_rendered_then_the_other_kinds_are_made(
    settings: Settings, two_nights: TwoNights, folder: Path
) -> None:
    published = two_nights.second.publication
    laid(folder, "a_broken_kind", "def pages(night):\n    return [1 / 0]\n")
    found = laid(folder, "client_page_beside", CLIENT.format(failing=None))
    with pytest.raises(Unrendered, match=r"a_broken_kind \(ZeroDivisionError\)"):
        render_pages(settings, published, found)
    assert len(client_pages(settings, published)) == 10


#: a kind whose every page is asked for only when the one before it is made
ONE_BY_ONE = """
from nightdesk.night.page_kind import html_page

MADE = []


def pages(night):
    for number in range(3):
        if len(MADE) != number:
            raise LookupError("a page is asked for before the last one is made")
        yield html_page("client", str(number), lambda number=number: MADE.append(number) or "<p></p>")
"""


def test_given_a_kind_with_many_pages_when_rendered_then_what_one_is_made_of_goes_before_the_next_is_read(
    settings: Settings, two_nights: TwoNights, folder: Path
) -> None:
    published = two_nights.second.publication
    assert render_pages(settings, published, laid(folder, "one_by_one", ONE_BY_ONE)) == 3
    assert len(client_pages(settings, published)) == 3


def client_pages(settings: Settings, published: Publication) -> list[Path]:
    """The pages that a module laid in the folder has made."""
    return list((revision_folder(settings, published) / "client").glob("*.html"))


def test_given_a_module_without_pages_when_looked_up_then_it_is_named(folder: Path) -> None:
    with pytest.raises(TypeError, match=r"a_kind_of_nothing\.py gives no pages"):
        laid(folder, "a_kind_of_nothing", "page = 1\n")


def test_given_an_owner_who_is_away_when_nobody_stands_in_then_what_is_planned_is_in_no_calendar() -> None:
    planned = [
        {"client_id": "C1", "owner_id": "S1", "deputy_id": None},
        {"client_id": "C2", "owner_id": "S1", "deputy_id": None},
        {"client_id": "C3", "owner_id": "S1", "deputy_id": "S2"},
        {"client_id": "C4", "owner_id": None, "deputy_id": None},
    ]
    found = by_acting(planned, {"C2", "C3"})
    assert {person: [row["client_id"] for row in rows] for person, rows in found.items()} == {
        "S1": ["C1"],
        "S2": ["C3"],
    }
