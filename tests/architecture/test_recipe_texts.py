"""What sql/README.md names is there: a recipe that sends its reader to a file which has moved is told by name."""

import re
from pathlib import Path

import pytest

from nightdesk.settings import project_root, sql_root

FOLDERS = ("sql", "plugins", "expectations", "reports", "dags", "tests")
NAMED = re.compile(r"`(?:[^`\n]* )?([A-Za-z0-9_./]+\.(?:sql|py|ya?ml|csv|md|json|j2))\b[^`\n]*`")


def not_there(text: str, files: set[str]) -> list[str]:
    """Each file of a text that no path of the project ends in."""
    ends = {"/".join(parts[start:]) for file in files for parts in [file.split("/")] for start in range(len(parts))}
    return sorted(set(NAMED.findall(text)) - ends)


def test_given_the_recipes_when_read_then_every_file_that_they_name_is_there() -> None:
    root = project_root()
    files = {path.relative_to(root).as_posix() for folder in FOLDERS for path in Path(root / folder).rglob("*.*")}
    text = (sql_root() / "README.md").read_text(encoding="utf-8")
    assert len(set(NAMED.findall(text))) > 30
    gone = not_there(text, files)
    assert not gone, f"sql/README.md names what is not there: {', '.join(gone)}"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a row in `policy/limit.csv`", []),
        ("a row in `limit.csv` and `bound.csv`", ["bound.csv"]),
        ("see `python -m pytest policy/gone.py`, or `policy/gone.py::test_one`", ["policy/gone.py"]),
        ("`olicy/limit.csv`", ["olicy/limit.csv"]),
        ("`<table>.csv`, `policy/<table>.csv` and `*_text.csv` stand for many", []),
    ],
)
def test_given_a_text_that_names_files_then_those_that_are_not_there_are_told(text: str, told: list[str]) -> None:
    assert not_there(text, {"sql/policy/limit.csv"}) == told
