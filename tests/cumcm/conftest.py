"""Two firms as a source, and the published ones where they are at hand."""

from pathlib import Path

import pytest
from cumcm_files import write_files
from night_runs import fresh_settings
from published_files import folder_of

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
    folder = folder_of("NIGHTDESK_CUMCM_DATA", "cumcm2020_sme_credit", "企业信息.csv")
    url = f"sqlite:///{tmp_path_factory.mktemp('cumcm') / 'raw.db'}"
    load(folder, url)
    return url
