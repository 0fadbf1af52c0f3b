"""What holds for the project as a whole: names that Airflow's loaders could trip over, its version, its laws."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import nightdesk
from nightdesk.settings import project_root

ROOT = project_root()
PLUGINS = ROOT / "plugins"
PACKAGE = PLUGINS / "nightdesk"
MODULES = sorted(PLUGINS.rglob("*.py"))


def _imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def test_given_the_package_when_its_modules_are_named_then_none_shadows_the_standard_library() -> None:
    assert len(MODULES) > 20
    names = {path.stem for path in MODULES} | {path.name for path in PLUGINS.rglob("*") if path.is_dir()}
    assert names & set(sys.stdlib_module_names) == set()
    assert "email" in sys.stdlib_module_names, "the list is the one that matters"


def test_given_the_plugins_folder_when_airflow_looks_for_plugins_then_it_finds_the_plugin_alone() -> None:
    packages = sorted(path.parent.name for path in PLUGINS.glob("*/__init__.py"))
    assert (PLUGINS / ".airflowignore").read_text().split() == [f"{name}/" for name in packages]
    from airflow._shared.module_loading import find_path_from_directory
    from airflow.configuration import conf

    found = list(find_path_from_directory(str(PLUGINS), ".airflowignore", conf.get("core", "dag_ignore_file_syntax")))
    assert [Path(path).name for path in found if Path(path).suffix == ".py"] == ["nightdesk_airflow.py"]


def test_given_a_plugins_folder_without_the_ignore_file_when_airflow_looks_then_it_would_find_the_package(
    tmp_path: Path,
) -> None:
    from airflow._shared.module_loading import find_path_from_directory

    (tmp_path / "nightdesk").mkdir()
    (tmp_path / "nightdesk" / "lake.py").write_text("")
    assert len(list(find_path_from_directory(str(tmp_path), ".airflowignore", "glob"))) == 1


def test_given_the_package_when_its_imports_are_read_then_only_orchestration_knows_airflow() -> None:
    knowing = {path.relative_to(PLUGINS).parts[:2] for path in MODULES if "airflow" in _imports(path)}
    assert knowing == {("nightdesk", "orchestration")}


def test_given_the_source_when_searched_for_the_clock_then_one_module_reads_it() -> None:
    clock = re.compile(r"\b(?:datetime|date)\.(?:now|today|utcnow)\(|\btime\.time\(\)")
    readers = {str(path.relative_to(PLUGINS)) for path in MODULES if clock.search(path.read_text(encoding="utf-8"))}
    assert readers == {"nightdesk/clock.py"}


def test_given_the_version_when_asked_in_code_and_project_file_then_it_is_one() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == nightdesk.__version__


def test_given_the_makefile_when_each_target_is_planned_then_it_names_only_what_exists() -> None:
    for target in ("demo", "test", "lint", "up", "bench", "docs", "clean", "setup", "format", "secrets"):
        done = subprocess.run(["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        for module in re.findall(r"-m (nightdesk[\w.]+)", done.stdout):
            assert (ROOT / "plugins" / Path(*module.split("."))).with_suffix(".py").exists(), (target, module)


def test_given_the_makefile_when_there_is_no_usable_python_then_it_says_what_to_install(tmp_path: Path) -> None:
    for name in ("Makefile", "requirements.lock", "requirements-uv.lock", "pyproject.toml"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    done = subprocess.run(["make", "setup", "PYTHON="], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "apt install python3 python3-venv" in done.stderr
    assert not (tmp_path / ".venv").exists()
