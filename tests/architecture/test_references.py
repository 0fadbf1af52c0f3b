"""What the project says stands on its own: no text of it points into a document that is not in it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from nightdesk.settings import project_root

FOLDERS = ("sql", "plugins", "expectations", "reports", "dags", "tests")
KINDS = {".sql", ".csv", ".yaml", ".py", ".j2", ".md", ".css"}
#: a section by letter and number, a numbered correction, trap or finding, a file of notes
REFERENCE = re.compile(
    r"\b[A-N]\.[0-9]{1,2}\b|\b[Cc]orrections? [0-9]+|\b[Tt]raps? [0-9]+|\b(?:domain|contract|review|design)\.md\b"
)


def references(root: Path) -> Iterator[str]:
    """Each place of a folder's files that refers to a document which is not there."""
    for path in sorted(root.rglob("*")):
        if path.suffix in KINDS and path.resolve() != Path(__file__).resolve():
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
                for found in REFERENCE.finditer(line):
                    yield f"{path.relative_to(root.parent)}:{number}: {found[0]}"


@pytest.mark.parametrize("folder", FOLDERS)
def test_given_the_projects_texts_when_read_then_none_points_into_a_document_that_is_not_there(folder: str) -> None:
    assert list(references(project_root() / folder)) == [], "say in words what it says"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("risk,C.3: > 70% amber", ["C.3"]),
        ("-- the floors (C.2), each once", ["C.2"]),
        ("risk,Correction 17", ["Correction 17"]),
        ("Corrections 8 and 24: stricter", ["Corrections 8"]),
        ("Trap 6: as T02", ["Trap 6"]),
        ("see domain.md", ["domain.md"]),
        ("weighs 11, version 3.11, T02 and E.g. 5 corrections", []),
    ],
)
def test_given_a_text_that_points_elsewhere_then_it_is_told_by_its_place(
    tmp_path: Path, text: str, said: list[str]
) -> None:
    file = tmp_path / "sql" / "one.csv"
    file.parent.mkdir()
    file.write_text(f"a\n{text}\n", encoding="utf-8")
    assert list(references(file.parent)) == [f"sql/one.csv:2: {one}" for one in said]
