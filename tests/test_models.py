"""The models of a folder: each table is made by one file."""

from pathlib import Path

import pytest

from nightdesk.errors import UsageError
from nightdesk.models import GIVEN_SCHEMAS, LAYERS, models, read_models, sql_root


def folder(root: Path, *files: str) -> Path:
    for name in files:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("select 1 as a", encoding="utf-8")
    return root


def test_given_the_projects_own_folder_when_read_then_each_file_of_a_layer_is_one_table() -> None:
    layers = {model.layer for model in models().values()}
    assert len(models()) == sum(len(list((sql_root() / layer).rglob("*.sql"))) for layer in layers)


def test_given_steps_in_sub_folders_when_read_then_the_whole_path_is_their_schema(tmp_path: Path) -> None:
    found = read_models(folder(tmp_path, "warnings/signal.sql", "warnings/verdict/fired.sql"))
    assert {name: model.is_kept for name, model in found.items()} == {
        "warnings.signal": True,
        "warnings_verdict.fired": False,
    }


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (
            ("warnings/five/class/loan.sql", "warnings/five_class/loan.sql"),
            "sql/warnings/five/class/loan.sql and sql/warnings/five_class/loan.sql both make warnings_five_class.loan",
        ),
        (
            ("warnings/summary.sql", "tasks/summary.sql"),
            "sql/warnings/summary.sql and sql/tasks/summary.sql both make the kept table summary",
        ),
    ],
)
def test_given_files_that_would_stand_for_each_other_when_read_then_both_are_named(
    tmp_path: Path, files: tuple[str, ...], said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        read_models(folder(tmp_path, *files))


def test_given_folders_and_files_of_one_name_in_two_layers_when_read_then_none_stands_for_another(
    tmp_path: Path,
) -> None:
    steps = ("warnings/state/loan.sql", "tiers/state/loan.sql", "tasks/previous/task.sql", "tasks/tiers/task.sql")
    found = read_models(folder(tmp_path, *steps))
    assert {table: model.path.relative_to(tmp_path).as_posix() for table, model in found.items()} == {
        "warnings_state.loan": "warnings/state/loan.sql",
        "tiers_state.loan": "tiers/state/loan.sql",
        "tasks_previous.task": "tasks/previous/task.sql",
        "tasks_tiers.task": "tasks/tiers/task.sql",
    }
    assert not any(model.is_kept for model in found.values())


def test_given_the_projects_own_folder_when_read_then_no_given_schema_and_no_layer_is_also_a_step_s() -> None:
    for model in models().values():
        schema = model.table.partition(".")[0]
        assert schema not in GIVEN_SCHEMAS
        assert (schema in LAYERS) == (model.path.parent == sql_root() / model.layer)
