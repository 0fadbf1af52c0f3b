"""A few projects of IFC's list as a source, and the published list where it is at hand."""

from pathlib import Path

import pytest
from ifc_files import write_file
from night_runs import fresh_settings
from published_files import folder_of

from nightdesk_lab.ifc import load

__all__ = ["fresh_settings"]


@pytest.fixture
def small_folder(tmp_path: Path) -> Path:
    """A folder with seven rows."""
    return write_file(tmp_path / "small")


@pytest.fixture(params=["sqlite", "postgresql"])
def small_list(request: pytest.FixtureRequest, small_folder: Path, tmp_path: Path) -> str:
    """The rows in a database of either kind."""
    is_sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'raw.db'}" if is_sqlite else request.getfixturevalue("empty_database")
    load(small_folder, url, is_partial=True)
    return str(url)


@pytest.fixture(scope="session")
def published_list(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The published list in a SQLite file; without it, what needs it is skipped."""
    folder = folder_of("NIGHTDESK_IFC_DATA", "ifc_projects", "ifc_investment_services_projects.csv")
    url = f"sqlite:///{tmp_path_factory.mktemp('ifc') / 'raw.db'}"
    load(folder, url)
    return url
