"""Pages of reviews as axe-core judges them: a good, a bad and a nearly empty project, in both languages, on a phone
and on a desk."""

from pathlib import Path

import pytest
from axe import WIDTHS, needs_axe, violations
from project_sample import project_input
from test_project import QUIET, VALID, WHOLE

from nightdesk.render.catalogue import LANGUAGES, Language
from nightdesk.render.project import render_project

PROJECTS = {
    "bad": {},
    "good": QUIET | {"permits": [VALID], "notes": WHOLE},
    "nearly empty": QUIET | {"review": {"project_id": "P1", "name": "Mine", "ep_category": "A"}},
}


@needs_axe
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", PROJECTS)
def test_given_a_review_then_axe_finds_no_violation_and_nothing_scrolls_sideways(
    kind: str, language: Language, tmp_path: Path
) -> None:
    html = render_project(project_input(language, **PROJECTS[kind]))
    assert [line for width in WIDTHS for line in violations(html, width, tmp_path)] == []


@needs_axe
def test_given_a_page_with_a_fault_then_axe_names_it(tmp_path: Path) -> None:
    html = render_project(project_input("en")).replace('<html lang="en">', "<html>")
    assert [line.partition(":")[0] for line in violations(html, 1280, tmp_path)] == ["html-has-lang", "html-has-lang"]
