"""What is worked out once is kept below the home: never another's, never half, and never needed."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nightdesk import worked_out
from nightdesk.lineage import rests_on
from nightdesk.models import REBUILT, ROLLED, models, read_models, sql_root


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A home to keep in; what this process kept in before comes back."""
    before = list(worked_out._folders)
    worked_out.keep_below(tmp_path)
    yield tmp_path
    worked_out._folders[:] = before


def asked(value: object, key: str = "a") -> object:
    return worked_out.worked_out("answer", key, lambda: value)


def test_given_a_kept_value_when_asked_again_then_nothing_is_made(home: Path) -> None:
    assert [asked({"n": [1, "一"]}), asked("another")] == [{"n": [1, "一"]}] * 2


def test_given_a_value_made_of_something_else_when_asked_then_it_is_made_anew_and_kept(home: Path) -> None:
    assert [asked(1), asked(2, "b"), asked(3, "b"), asked(4)] == [1, 2, 2, 4]


@pytest.mark.parametrize("place", [0, 40, -2])
def test_given_a_damaged_file_when_asked_then_it_is_made_anew(home: Path, place: int) -> None:
    asked("first")
    file = home / "cache" / "answer.json"
    whole = bytearray(file.read_bytes())
    whole[place] ^= 1
    file.write_bytes(whole)
    assert [asked("second"), asked("third")] == ["second"] * 2


def test_given_an_emptied_file_when_asked_then_it_is_made_anew(home: Path) -> None:
    asked("first")
    (home / "cache" / "answer.json").write_bytes(b"")
    assert asked("second") == "second"


def test_given_a_home_that_cannot_be_written_to_when_asked_then_it_is_made_each_time(home: Path) -> None:
    (home / "cache").write_text("no folder")
    assert [asked(1), asked(2)] == [1, 2]


def test_given_no_home_when_asked_then_it_is_made_each_time_and_nothing_is_written(home: Path) -> None:
    worked_out._folders.clear()
    assert [worked_out.of_models("answer", lambda: 1), worked_out.of_models("answer", lambda: 2)] == [1, 2]
    assert not list(home.iterdir())


@pytest.mark.parametrize(
    ("file", "is_another"),
    [
        ("warnings/verdict/fired.sql", True),
        ("macros/month.sql", True),
        ("warnings/columns.yaml", True),
        ("policy/indicator.csv", False),
    ],
)
def test_given_a_changed_file_when_the_models_are_asked_for_then_the_key_is_another_where_they_are_made_of_it(
    tmp_path: Path, file: str, is_another: bool
) -> None:
    root = shutil.copytree(sql_root(), tmp_path / "sql")
    before = worked_out._models_key(root)
    with (root / file).open("a", encoding="utf-8") as text:
        text.write("\n")
    worked_out._models_key.cache_clear()
    assert (worked_out._models_key(root) != before) == is_another


#: a process that works something out while its own files, a copy, are replaced by another version
REPLACED = """
import sys
from pathlib import Path
import nightdesk.checks.answers as answers
from nightdesk import worked_out

worked_out.keep_below(Path(sys.argv[1]))
assert Path(worked_out.__file__).is_relative_to(sys.argv[2]), worked_out.__file__

def replace(name):
    with (Path(worked_out.__file__).parent / name).open("a") as text:
        text.write("# another version")

def make():
    if "during" in sys.argv:
        replace("models.py")
    return 1

if "before" in sys.argv:
    replace("models.py")
    replace("checks/cases.py")
worked_out.of_models("answer", make)
answers.learn({("expect", "", "int64"): {(1,): False}})
"""


@pytest.mark.parametrize(
    ("when", "kept"), [("never", {"answer", "answers"}), ("before", set()), ("during", {"answers"})]
)
def test_given_a_process_whose_files_are_replaced_while_it_runs_then_it_keeps_nothing_under_the_new_version(
    tmp_path: Path, when: str, kept: set[str]
) -> None:
    code = tmp_path / "project" / "plugins" / "nightdesk"
    shutil.copytree(Path(worked_out.__file__).parent, code, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "project" / "sql").symlink_to(sql_root())
    home, env = tmp_path / "home", os.environ | {"PYTHONPATH": str(code.parent)}
    subprocess.run([sys.executable, "-c", REPLACED, home, tmp_path, when], env=env, check=True, timeout=120)
    assert {path.stem for path in (home / "cache").glob("*.json")} == kept


def test_given_models_that_were_kept_when_read_then_they_are_those_of_the_files(home: Path) -> None:
    for structure in (REBUILT, ROLLED):
        models.cache_clear()
        made = models(structure)
        models.cache_clear()
        assert models(structure) == made == read_models(sql_root(), structure)
    assert len(list((home / "cache").glob("models_*.json"))) == 2


def test_given_what_was_kept_of_a_table_when_asked_what_it_rests_on_then_it_is_the_same(home: Path) -> None:
    rests_on_of = rests_on.__globals__["_rests_on"]
    found = []
    for _ in range(2):
        rests_on_of.cache_clear()
        found.append(rests_on({"warnings.loan_floor"}, columns={"floor_class"}))
    worked_out._folders.clear()
    rests_on_of.cache_clear()
    assert found == [rests_on({"warnings.loan_floor"}, columns={"floor_class"})] * 2
