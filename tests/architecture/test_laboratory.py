"""Product and laboratory: which imports which, and what is said where the laboratory is not installed."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from nightdesk.cli.beside import LABORATORY
from nightdesk.settings import project_root

PLUGINS = project_root() / "plugins"


def imported(path: Path) -> set[str]:
    """Every module that a file imports, at its head or within."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return names | {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}


def run(plugins: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """The command line of the packages in a folder."""
    command = [sys.executable, "-c", "from nightdesk.cli import app; app()", *arguments]
    environment = os.environ | {"PYTHONPATH": str(plugins), "COLUMNS": "200"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def product_alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the product and nothing beside it."""
    folder = tmp_path_factory.mktemp("alone")
    shutil.copytree(PLUGINS / "nightdesk", folder / "nightdesk", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def test_given_the_product_when_its_imports_are_read_then_none_is_of_the_laboratory() -> None:
    files = [*(PLUGINS / "nightdesk").rglob("*.py"), *(project_root() / "dags").glob("*.py")]
    assert len(files) > 100
    assert [
        str(path) for path in files if any(name.split(".")[0].startswith("nightdesk_") for name in imported(path))
    ] == []


def test_given_the_laboratory_beside_when_help_is_asked_for_then_its_commands_stand_among_the_others() -> None:
    shown = run(PLUGINS, "--help").stdout
    assert [name for name in LABORATORY if f" {name} " not in shown] == []


def test_given_every_command_of_the_laboratory_when_looked_up_then_the_product_knows_what_to_say_without_it() -> None:
    from nightdesk_lab.cli import COMMANDS

    assert {command.__name__.replace("_", "-") for command in COMMANDS} == set(LABORATORY)


@pytest.mark.parametrize("name", LABORATORY)
def test_given_no_laboratory_when_a_command_of_it_is_called_then_one_line_says_what_it_does_and_where_it_is(
    product_alone: Path, name: str
) -> None:
    done = run(product_alone, name, "--clients", "20", "--help")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert f"{name} ({LABORATORY[name]}) belongs to the package nightdesk_lab" in done.stderr


def test_given_no_laboratory_when_json_is_asked_for_then_the_error_is_one_document(product_alone: Path) -> None:
    done = run(product_alone, "bench", "--json")
    assert json.loads(done.stdout)["error"]["exit_code"] == done.returncode == 2


def test_given_no_laboratory_when_help_is_asked_for_then_the_product_s_commands_are_all_and_no_other(
    product_alone: Path,
) -> None:
    shown = run(product_alone, "--help").stdout
    assert " backfill " in shown
    assert [name for name in LABORATORY if f" {name} " in shown] == []


def test_given_another_package_beside_when_it_offers_commands_then_they_are_there_and_without_any_it_does_no_harm(
    product_alone: Path, tmp_path: Path
) -> None:
    shutil.copytree(product_alone / "nightdesk", tmp_path / "nightdesk")
    for name in ("nightdesk_dumb", "nightdesk_more"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()
    (tmp_path / "nightdesk_more" / "cli.py").write_text(
        'def say_more() -> None:\n    """More."""\n    print("more")\n\n\nCOMMANDS = (say_more,)\n'
    )
    assert run(tmp_path, "say-more").stdout == "more\n"


def test_given_a_home_that_the_laboratory_deletes_then_its_servers_data_go_first_wherever_they_lie() -> None:
    """They lie in /var/tmp where the server's account may not pass to the home, and would stay there for ever."""
    deletes = re.compile(r"^( +)shutil\.rmtree\(home\)$", re.MULTILINE)
    deleting = 0
    for path in sorted((PLUGINS / "nightdesk_lab").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "ensure_server" in text:  # many homes beside one server of its own
            continue
        for found in deletes.finditer(text):
            deleting += 1
            assert text[: found.start()].endswith("pg.remove(home)\n"), path
    assert deleting >= 5
