"""Two firms as a source, and the published ones where they are at hand."""

import os
from pathlib import Path

import pytest
from cumcm_files import write_files
from night_runs import fresh_settings

from nightdesk.settings import project_root
from nightdesk_lab.cumcm import load

__all__ = ["fresh_settings"]


@pytest.fixture
def small_folder(tmp_path: Path) -> Path:
    """A folder with two firms."""
    return write_files(tmp_path / "small")


@pytest.fixture(params=["sqlite", "postgresql"])
def small_bank(request: pytest.FixtureRequest, small_folder: Path, tmp_path: Path) -> str:
    """The two firms in a database of either kind."""
    is_sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'raw.db'}" if is_sqlite else request.getfixturevalue("empty_database")
    load(small_folder, url, is_partial=True)
    return str(url)


@pytest.fixture(scope="session")
def firms(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The published files in a SQLite file; without them, what needs them is skipped."""
    named = os.environ.get("NIGHTDESK_CUMCM_DATA")
    folder = Path(named) if named else project_root().parent / "shared" / "data" / "cumcm2020_sme_credit"
    if not (folder / "企业信息.csv").exists():
        pytest.skip(f"the published files are not at {folder}: set NIGHTDESK_CUMCM_DATA")
    url = f"sqlite:///{tmp_path_factory.mktemp('cumcm') / 'raw.db'}"
    load(folder, url)
    return url
