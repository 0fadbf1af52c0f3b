"""The script that makes the databases of docker-compose.yaml, run by psql on a real, empty cluster."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import yaml

from nightdesk.pg.cluster import HOST, USER, Cluster, free_port
from nightdesk.pg.placement import Account, account_for, binaries, make_cluster_folder
from nightdesk.pg.roles import ROLES
from nightdesk.settings import project_root
from nightdesk.upkeep.container_secrets import make_secrets

PASSWORD = "superuser"


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[Cluster, int]]:
    """A cluster with nothing but its superuser, as the image of PostgreSQL makes it."""
    folder = tmp_path / "pg"
    folder.mkdir()
    made = Cluster(make_cluster_folder(folder, account_for(None)), account_for(None))
    made.create(PASSWORD)
    yield made, made.start(free_port())
    made.stop()
    shutil.rmtree(made.folder)


def test_given_an_empty_server_when_the_script_runs_then_each_address_enters_its_own_database_and_no_other(
    cluster: tuple[Cluster, int], tmp_path: Path
) -> None:
    server, port = cluster
    make_secrets(tmp_path / "secrets")
    compose = yaml.safe_load((project_root() / "docker-compose.yaml").read_text(encoding="utf-8"))
    script = compose["configs"]["roles"]["content"].replace("/run/secrets/", f"{tmp_path}/secrets/")
    (tmp_path / "roles.sql").write_text(script, encoding="utf-8")
    psql = binaries(server.folder, Account()) / "psql"  # run by us, not by the server's account
    done = subprocess.run(
        [psql, "-v", "ON_ERROR_STOP=1", "-h", HOST, "-p", str(port), "-U", USER, "-d", "postgres", "-f", "roles.sql"],
        cwd=tmp_path,
        env={"PGPASSWORD": PASSWORD, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for secret, own in (
        ("nightdesk_desk_url", "nightdesk"),
        ("airflow_database_url", "airflow"),
        ("nightdesk_source_url", "demo_bank"),
    ):
        said = (tmp_path / "secrets" / secret).read_text()
        address = said.replace("+psycopg", "").replace("postgres:5432", f"{HOST}:{port}")
        with psycopg.connect(address) as connection:
            connection.execute("create table its_own (n int)")
            assert connection.execute("select current_user").fetchone() == (ROLES[own],)
        for other in {*ROLES, "postgres"} - {own}:
            with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
                psycopg.connect(address.rpartition("/")[0] + f"/{other}")
