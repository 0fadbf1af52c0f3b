"""A tiny project broken at each of its rules: what its tests notice, what they do not, and what never ends."""

import os
from pathlib import Path

import psutil
import pytest

from nightdesk.errors import NightdeskError, UsageError
from nightdesk_lab.mutation.__main__ import main
from nightdesk_lab.mutation.mutants import Mutant, mutants_of
from nightdesk_lab.mutation.running import judged

pytestmark = pytest.mark.slow
FILES = {
    "sql/tiers/grade.sql": "select case when score >= 80 then 'A' else 'B' end as grade from given\n",
    "plugins/nightdesk/__init__.py": "",
    "plugins/nightdesk/steps.py": "def count(n):\n    at = 0\n    while at < n:\n        at = at + 1\n    return n\n",
    "plugins/nightdesk/loose.py": "def is_many(n):\n    return n > 100\n",
    "tests/sql/test_cases.py": (
        "import duckdb, pytest\nfrom pathlib import Path\n"
        "@pytest.mark.parametrize('score', [80], ids=['tiers/grade: at the line'])\n"
        "def test_case(score):\n"
        "    sql = (Path(__file__).parents[2] / 'sql' / 'tiers' / 'grade.sql').read_text()\n"
        "    given = f'with given as (select {score} as score) '\n"
        "    assert duckdb.connect().execute(given + sql).fetchone() == ('A',)\n"
    ),
    "tests/sql/reread.py": (
        "from pathlib import Path\n"
        "def get_ready(items): globals()['WHOLE'] = Path('sql/tiers/grade.sql').read_text()\n"
        "def concerned(path, items): return items if Path(path).read_text() != WHOLE else []\n"
    ),
    "tests/test_steps.py": "from nightdesk.steps import count\ndef test_count(): assert count(3) == 3\n",
    "tests/test_loose.py": "from nightdesk.loose import is_many\ndef test_many(): assert is_many(1000)\n",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The tiny project."""
    for name, text in FILES.items():
        path = tmp_path / "project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "project"


def mutant(name: str, after: str) -> Mutant:
    """The mutant of a tiny file that puts `after` in place."""
    (found,) = [one for one in mutants_of(name, FILES[name]) if one.after == after]
    return found


def test_given_mutants_when_judged_then_what_the_tests_hold_in_place_is_noticed_and_the_rest_named(
    project: Path, tmp_path: Path
) -> None:
    held, edge = mutant("sql/tiers/grade.sql", ">"), mutant("plugins/nightdesk/loose.py", ">=")
    first, second = judged(project, tmp_path / "work", [held, edge], limit=300, jobs=2)
    assert (first.mutant, first.fate, first.by) == (held, "noticed", "tests/sql/test_cases.py")
    assert (second.mutant, second.fate, second.by) == (edge, "unnoticed", "")
    assert {name: (project / name).read_text() for name in FILES} == FILES, "the project itself is never touched"
    assert not (tmp_path / "work").exists()


@pytest.mark.long
def test_given_a_mutant_that_never_ends_when_its_time_is_up_then_it_is_ended_with_all_that_it_started(
    project: Path, tmp_path: Path
) -> None:
    (project / "tests" / "conftest.py").write_text(
        "import subprocess, sys, tempfile\n"
        "command = [sys.executable, '-c', 'import time; time.sleep(900)', tempfile.gettempdir()]\n"
        "subprocess.Popen(command, start_new_session=True)\n"
    )
    (verdict,) = judged(project, tmp_path / "work", [mutant("plugins/nightdesk/steps.py", "-")], limit=6, jobs=1)
    assert verdict.fate == "out of time"
    mark = str(tmp_path / "work")
    left = [process for process in psutil.process_iter(["cmdline"]) if mark in " ".join(process.info["cmdline"] or [])]
    assert [process for process in left if process.pid != os.getpid()] == []


@pytest.mark.long
def test_given_a_test_that_fails_by_itself_when_it_fails_then_it_does_not_count_as_noticing(
    project: Path, tmp_path: Path
) -> None:
    (project / "tests" / "test_loose.py").write_text("from nightdesk import loose\ndef test_many(): assert False\n")
    with pytest.raises(NightdeskError, match=r"fails without any mutant: tests/test_loose\.py::test_many"):
        list(judged(project, tmp_path / "work", [mutant("plugins/nightdesk/loose.py", ">=")], limit=300, jobs=1))


@pytest.mark.long
def test_given_a_mutant_that_cannot_be_imported_when_judged_then_it_is_noticed(project: Path, tmp_path: Path) -> None:
    (project / "plugins" / "nightdesk" / "loose.py").write_text("def is_many(n):\n    return n > 1\nassert 1 == 1\n")
    (found,) = [one for one in mutants_of("plugins/nightdesk/loose.py", "\n\nassert 1 == 1\n") if one.after == "!="]
    (moved,) = [
        one
        for one in mutants_of(found.path, (project / found.path).read_text())
        if one.after == "!=" and one.line == found.line
    ]
    (verdict,) = judged(project, tmp_path / "work", [moved], limit=300, jobs=1)
    assert verdict.fate == "noticed"


@pytest.mark.long
def test_given_tests_that_end_without_a_verdict_when_judged_then_none_is_said_to_have_noticed(
    project: Path, tmp_path: Path
) -> None:
    (project / "plugins" / "nightdesk" / "ends.py").write_text(
        "".join(f"def is_{name}(n):\n    return n > 100\n" for name in ("fault", "misused", "killed"))
    )
    (project / "tests" / "test_ends.py").write_text(
        "import os, signal\nfrom nightdesk.ends import is_fault, is_misused, is_killed\n"
        "def test_ends():\n"
        "    if is_fault(100): os._exit(3)\n"
        "    if is_misused(100): os._exit(4)\n"
        "    if is_killed(100): os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    name = "plugins/nightdesk/ends.py"
    broken = [one for one in mutants_of(name, (project / name).read_text()) if one.after == ">="]
    verdicts = list(judged(project, tmp_path / "work", broken, limit=300, jobs=1))
    assert [verdict.fate for verdict in verdicts] == ["out of time"] * 3


@pytest.mark.long
def test_given_the_command_when_too_much_is_unnoticed_then_it_ends_with_one_and_names_each(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--only", "*/loose.py", "--sample", "9"], project) == 1
    said = capsys.readouterr().out
    assert "2 mutants decided, 2 unnoticed (100.0%); 0 out of time, not counted; 0 change nothing" in said
    assert "  plugins/nightdesk/loose.py:2  > -> >=" in said


def test_given_a_pattern_without_files_when_asked_then_it_says_what_can_be_named(project: Path) -> None:
    with pytest.raises(UsageError, match=r"--only 'docs/\*' has nothing to flip"):
        main(["--only", "docs/*"], project)
