"""Published data sets: too large to be kept here, read where they are at hand."""

import os
from pathlib import Path

import pytest

from nightdesk.settings import project_root


def folder_of(variable: str, name: str, file: str) -> Path:
    """The folder that an environment variable names, or the data set's beside the project; skips where `file` is not
    in it."""
    named = os.environ.get(variable)
    folder = Path(named) if named else project_root().parent / "shared" / "data" / name
    if not (folder / file).exists():
        pytest.skip(f"the published {file} is not at {folder}: set {variable}")
    return folder
