"""Closed by default: under the usual umask nothing that a night or an export writes is another account's to read."""

import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hand_bank import D, ten_clients, write_sqlite

from nightdesk import pg
from nightdesk.closed import close_home
from nightdesk.orchestration.connections import task_settings
from nightdesk.orchestration.standalone import airflow_environment
from nightdesk.settings import Settings


@pytest.fixture
def open_place() -> Iterator[Path]:
    """A folder that every account can reach, as a checkout in /srv would be; with a home that was left open."""
    place = Path(tempfile.mkdtemp(prefix="nightdesk-test-"))
    place.chmod(0o755)
    (place / "home" / "out").mkdir(parents=True, mode=0o755)
    (place / "home").chmod(0o755)
    yield place
    pg.remove(place / "home")
    shutil.rmtree(place)


COMMANDS = """
import json, os, sys
from nightdesk.cli import app
for words in json.loads(sys.argv[1]):
    os.umask(0o022)
    try:
        app(words)
    except SystemExit as end:
        if end.code:
            raise
"""


def _nightdesk(home: Path, *commands: list[str]) -> None:
    """Commands in one process that begins each of them as an open shell would."""
    done = subprocess.run(
        [sys.executable, "-c", COMMANDS, json.dumps(commands)],
        env={**os.environ, "NIGHTDESK_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
        umask=0o022,
    )
    assert done.returncode == 0, done.stderr


def _readable_by_others(place: Path) -> list[str]:
    return [
        f"{stat.S_IMODE(path.lstat().st_mode):o} {path.relative_to(place)}"
        for path in sorted(place.rglob("*"))
        if not path.is_symlink() and stat.S_IMODE(path.lstat().st_mode) & 0o066
    ]


@pytest.mark.night
def test_given_an_open_home_and_the_usual_umask_when_a_night_is_run_mailed_and_exported_then_all_of_it_is_closed(
    open_place: Path,
) -> None:
    home, source = open_place / "home", write_sqlite(ten_clients(), open_place / "bank.db")
    (open_place / "bank.db").chmod(0o600)
    export = ["export", "warning", "--date", str(D)]
    _nightdesk(
        home,
        ["night", "--date", str(D), "--source", source, "--send"],
        *(
            [*export, "--format", form, "--out", str(open_place / "exports" / f"warning.{form}")]
            for form in ("csv", "json", "parquet")
        ),
    )
    assert len(list((open_place / "exports").iterdir())) == 3
    written = {path.relative_to(home).parts[0] for path in home.iterdir()}
    assert {"lake", "out", "mail", "pg"} <= written
    assert _readable_by_others(open_place) == []


def test_given_a_home_that_was_left_open_when_closed_then_it_and_its_folders_are_and_a_second_time_changes_nothing(
    tmp_path: Path,
) -> None:
    home = tmp_path / "home"
    (home / "lake").mkdir(parents=True)
    for folder in (home, home / "lake"):
        folder.chmod(0o755)
    for _ in range(2):
        close_home(home)
        assert [stat.S_IMODE(folder.stat().st_mode) for folder in (home, home / "lake")] == [0o700, 0o700]
    close_home(tmp_path / "not there")


def test_given_a_home_in_which_another_lies_when_closed_then_who_passes_through_to_that_ones_server_still_may(
    tmp_path: Path,
) -> None:
    home, inner = tmp_path / "home", tmp_path / "home" / "bench"
    (inner / "pg").mkdir(parents=True)
    for folder in (inner, inner / "pg"):
        folder.chmod(0o710)
    close_home(home)
    close_home(inner)
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in (home, inner, inner / "pg")] == [0o700, 0o710, 0o710]


def test_given_a_task_when_it_reads_its_settings_then_it_writes_for_its_own_account_only(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        task_settings()
        (tmp_path / "written").touch()
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "written").stat().st_mode) == 0o600


def test_given_airflows_own_logs_when_it_is_started_by_us_then_they_are_closed_as_well(tmp_path: Path) -> None:
    try:
        environment = airflow_environment(Settings(home=tmp_path / "home"))
    finally:
        pg.remove(tmp_path / "home")
    modes = {name: value for name, value in environment.items() if name.endswith("_PERMISSIONS")}
    assert sorted(modes.values()) == ["0o600", "0o700"]
