"""Pages that `make docs` writes and `make lint` compares."""

from pathlib import Path

import pytest

from nightdesk.upkeep import glossary, lineage_page, rulebook_page
from nightdesk.upkeep.kept_page import keep_page


@pytest.fixture
def page(tmp_path: Path) -> Path:
    return tmp_path / "PAGE.md"


def test_given_a_page_when_kept_then_it_is_written_and_compares_as_current(page: Path) -> None:
    assert keep_page(page, lambda: "词 word\n", []) == 0
    assert page.read_text(encoding="utf-8") == "词 word\n"
    assert keep_page(page, lambda: "词 word\n", ["--check"]) == 0


@pytest.mark.parametrize("there", [None, "another\n", ""])
def test_given_no_page_or_another_when_checked_then_it_is_named_and_left_as_it_is(
    page: Path, there: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    if there is not None:
        page.write_text(there, encoding="utf-8")
    assert keep_page(page, lambda: "word\n", ["--check"]) == 1
    assert f"{page.parent.name}/PAGE.md is not current: run `make docs`" in capsys.readouterr().err
    assert (page.read_text(encoding="utf-8") if page.exists() else None) == there


def test_given_the_pages_of_the_repository_when_checked_then_each_is_current() -> None:
    for module in (glossary, lineage_page, rulebook_page):
        assert module.main(["--check"]) == 0
