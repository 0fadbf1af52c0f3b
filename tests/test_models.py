"""The models of a folder: each table is made by one file."""

from pathlib import Path

import pytest

from nightdesk.errors import UsageError
from nightdesk.models import models, read_models, sql_root


def folder(root: Path, *files: str) -> Path:
    for name in files:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("select 1 as a", encoding="utf-8")
    return root


def test_given_the_projects_own_folder_when_read_then_each_file_of_a_layer_is_one_table() -> None:
    layers = {model.layer for model in models().values()}
    assert len(models()) == sum(len(list((sql_root() / layer).rglob("*.sql"))) for layer in layers)


def test_given_steps_in_sub_folders_when_read_then_the_folder_is_their_schema(tmp_path: Path) -> None:
    found = read_models(folder(tmp_path, "warnings/signal.sql", "warnings/verdict/fired.sql"))
    assert {name: model.is_kept for name, model in found.items()} == {"warnings.signal": True, "verdict.fired": False}


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (
            ("warnings/state/loan.sql", "tiers/state/loan.sql"),
            "sql/warnings/state/loan.sql and sql/tiers/state/loan.sql both make state.loan",
        ),
        (
            ("warnings/summary.sql", "tasks/summary.sql"),
            "sql/warnings/summary.sql and sql/tasks/summary.sql both make the kept table summary",
        ),
        (("tasks/previous/task.sql",), "sql/tasks/previous/task.sql makes tables of previous, which is taken"),
        (("tasks/tiers/task.sql",), "sql/tasks/tiers/task.sql makes tables of tiers, which is taken"),
    ],
)
def test_given_files_that_would_stand_for_each_other_when_read_then_both_are_named(
    tmp_path: Path, files: tuple[str, ...], said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        read_models(folder(tmp_path, *files))


def test_given_one_folder_name_in_two_layers_when_their_tables_differ_then_each_is_read(tmp_path: Path) -> None:
    found = read_models(folder(tmp_path, "warnings/state/loan.sql", "tiers/state/client.sql"))
    assert set(found) == {"state.loan", "state.client"}
