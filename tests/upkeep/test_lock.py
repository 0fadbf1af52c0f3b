"""The lock check: quiet on the project's own lock, and loud for each way in which one can be broken."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from nightdesk.settings import project_root
from nightdesk.upkeep.lock import main, problems


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in ("requirements.lock", "requirements-image.lock", "pyproject.toml"):
        shutil.copy(project_root() / name, tmp_path / name)
    return tmp_path


def test_given_the_projects_lock_when_checked_then_it_holds() -> None:
    assert problems(project_root()) == []
    assert main() == 0


ENTRY = r"(?m)^duckdb==.*\n(    --hash.*\n)+"
HASHES = r"(?m)^(duckdb==\S+) \\\n(    --hash.*\n)+"
PYSAIL = re.findall(r"(?m)^pysail==.*\n(?:    --hash.*\n?)+", (project_root() / "requirements.lock").read_text())[0]
ADDRESS = "--extra-index-url https://packages.example/simple\n"


@pytest.mark.parametrize(
    ("file", "change", "said"),
    [
        ("requirements.lock", lambda text: re.sub(ENTRY, "", text), "needs duckdb, which is not locked"),
        ("requirements.lock", lambda text: re.sub(r"(?m)^duckdb==\S+", "duckdb==1.9.9", text), "locked is 1.9.9"),
        ("requirements.lock", lambda text: re.sub(HASHES, r"\1\n", text), "with hashes: duckdb=="),
        ("requirements.lock", lambda text: text.replace("\nduckdb==", "\nduckdb>="), "not one exact version"),
        ("requirements.lock", lambda text: ADDRESS + text, "line 1 names an address"),
        ("requirements-image.lock", lambda text: re.sub(ENTRY, "", text), "the image needs duckdb"),
        ("requirements-image.lock", lambda text: text + PYSAIL, "the image's lock has pysail, which an extra alone"),
        ("requirements-image.lock", lambda text: text.replace("\nduckdb==", "\nduckdb==9"), "lock has duckdb==9"),
        ("pyproject.toml", lambda text: text.replace('"rich",', '"rich", "polars",'), "needs polars, which is not"),
        ("pyproject.toml", lambda text: text.replace('"pytest>=9.2"', '"pytest>=99"'), "needs pytest>=99, locked"),
    ],
    ids=[
        "missing",
        "too old",
        "no hash",
        "a range",
        "an address",
        "missing in the image",
        "a tool of tests in the image",
        "another version in the image",
        "new dependency",
        "raised bound",
    ],
)
def test_given_a_lock_that_does_not_hold_when_checked_then_the_reason_is_named(
    copy: Path, file: str, change: Callable[[str], str], said: str
) -> None:
    path = copy / file
    before = path.read_text()
    path.write_text(change(before))
    assert path.read_text() != before
    assert any(said in line for line in problems(copy)), problems(copy)


def test_given_a_dependency_of_a_dependency_that_is_not_locked_when_checked_then_the_needing_package_is_named(
    copy: Path,
) -> None:
    path = copy / "requirements.lock"
    path.write_text(re.sub(r"(?m)^greenlet==.*\n(    --hash.*\n)+", "", path.read_text()))
    found = problems(copy)
    assert any("needs greenlet, which is not locked" in line for line in found)
    assert "greenlet is installed and not locked" in found
