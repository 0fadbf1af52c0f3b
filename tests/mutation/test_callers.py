"""Which tests call what is broken: as a run of pytest writes it down, and as it is read again for a mutant."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from nightdesk.settings import project_root
from nightdesk_lab.mutation.callers import called_by, function_at, read_callers
from nightdesk_lab.mutation.mutants import Mutant

MODULE = "plugins/nightdesk/loose.py"
FILES = {
    "plugins/nightdesk/__init__.py": "",
    MODULE: (
        "LINE = 100\n\n\ndef is_many(n):\n    return any(each > LINE for each in [n])\n\n\n"
        "class Box:\n    def size(self, by=1):\n        return 2 * by\n\n\ndef nobody():\n    return 3\n"
    ),
    "tests/test_loose.py": (
        "import threading\nimport pytest\nfrom nightdesk.loose import Box, is_many\n\n\n"
        "@pytest.fixture(scope='module')\ndef size():\n    return Box().size()\n\n\n"
        "@pytest.mark.parametrize('n', [101, 102])\ndef test_many(n):\n    assert is_many(n)\n\n\n"
        "def test_size(size):\n    assert size == 2\n\n\ndef test_size_again(size):\n    assert size < 3\n\n\n"
        "def test_thread():\n    at_work = threading.Thread(target=is_many, args=[1])\n"
        "    at_work.start()\n    at_work.join()\n"
    ),
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny project, and in `calls` what its tests call."""
    root = tmp_path_factory.mktemp("project")
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    (root / "pytest.ini").write_text("[pytest]\npythonpath = plugins\n")
    plugin = ["-p", "nightdesk_lab.mutation.calls", "--calls", "calls", "-p", "no:cacheprovider"]
    run = [sys.executable, "-m", "pytest", *plugin]
    path = os.pathsep.join([str(root / "plugins"), str(project_root() / "plugins")])
    subprocess.run(run, cwd=root, env={"PYTHONPATH": path}, check=True, capture_output=True)
    return root


def of_line(line: int) -> Mutant:
    """A mutant that stands in a line of the module."""
    return Mutant(MODULE, 0, 1, "", line, "")


def test_given_a_run_then_each_test_is_written_with_what_it_calls_and_what_its_fixtures_call(project: Path) -> None:
    lines = [json.loads(line) for line in (project / "calls").read_text().splitlines()]
    told = {line["test"].partition("::")[2]: (line["own"], line["given"]) for line in lines}
    many, size = [f"{MODULE}::is_many"], [f"{MODULE}::Box.size"]
    assert told == {
        "test_many[101]": (many, []),
        "test_many[102]": (many, []),
        "test_size": ([], size),
        "test_size_again": ([], size),
        "test_thread": (many, []),
    }


@pytest.mark.parametrize(
    ("line", "tests"),
    [
        (5, {"test_many", "test_thread"}),
        (10, {"test_size", "test_size_again"}),
        (14, set()),
        # what stands outside of functions is seen by whoever calls one of the file
        (1, {"test_many", "test_thread", "test_size", "test_size_again"}),
    ],
)
def test_given_a_mutant_then_the_tests_that_call_its_function_are_named_without_their_parameters(
    project: Path, line: int, tests: set[str]
) -> None:
    found = called_by(read_callers(project / "calls"), project, of_line(line))
    assert len(found) == len(tests)
    assert set(found) == {f"tests/test_loose.py::{test}" for test in tests}


def test_given_tests_that_call_it_then_the_nearest_and_cheapest_come_first_and_none_that_is_gone(
    tmp_path: Path,
) -> None:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    called = [f"{MODULE}::is_many"]
    told = [
        ("test_size", 0.1, [], called),
        ("test_many[101]", 3, called, []),
        ("test_many[102]", 3, called, []),
        ("test_thread", 5, called, []),
        ("test_gone", 0.1, called, []),
    ]
    lines = [{"test": f"tests/test_loose.py::{test}", "seconds": s, "own": o, "given": g} for test, s, o, g in told]
    (tmp_path / "calls").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    found = called_by(read_callers(tmp_path / "calls"), tmp_path, of_line(5))
    assert [test.partition("::")[2] for test in found] == ["test_thread", "test_many", "test_size"]


@pytest.mark.parametrize(
    ("line", "name"),
    [(1, ""), (2, ""), (3, "A.f"), (4, ""), (5, "A.g"), (6, "A.g.<locals>.h"), (7, "A.g"), (8, ""), (9, "k")],
)
def test_given_a_line_then_its_function_is_named_as_python_names_it(line: int, name: str) -> None:
    text = (
        "class A:\n    x = 1\n    def f(self): return 1\n    def g(self, by=2):\n        y = 1\n"
        "        def h(): return y\n        return h\n@k\ndef k(): return [1 for each in (2,)]\n"
    )
    assert function_at(text, line) == name
