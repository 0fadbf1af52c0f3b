"""The secrets that docker-compose.yaml mounts, as files: `make secrets` makes those that are missing, and no other.

A file's name is the secret's; the folder is closed to other users, the files in it are not, because the containers
read them as users of their own.
"""

import base64
import json
import secrets
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from nightdesk.settings import project_root

FOLDER = "secrets"
_SERVER = "postgresql+psycopg://{role}:{password}@postgres:5432/{database}"
#: who may enter the web pages; what each may do is said in docker-compose.yaml
_USERS = ("admin", "operator", "reader")


def make_secrets(folder: Path) -> list[str]:
    """Write each missing secret into `folder`; returns the names of those written.

    Passwords are made first: the addresses hold them.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)
    written = []
    for name, make in MAKERS.items():
        path = folder / name
        if path.exists():
            continue
        made = {known: (folder / known).read_text(encoding="utf-8") for known in written_or_there(folder)}
        path.write_text(make(made), encoding="utf-8")
        path.chmod(0o644)
        written.append(name)
    return written


def written_or_there(folder: Path) -> list[str]:
    """The secrets that the folder holds."""
    return sorted(path.name for path in folder.iterdir() if path.name in MAKERS)


def _password(_made: Mapping[str, str]) -> str:
    return secrets.token_urlsafe(24)


def _key(_made: Mapping[str, str]) -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode("ascii")


def _database(name: str, role: str) -> Callable[[Mapping[str, str]], str]:
    """The address of a database as the role that owns it: the superuser is in no address."""
    return lambda made: _SERVER.format(role=role, password=made[f"postgres_{role}_password"], database=name)


MAKERS: dict[str, Callable[[Mapping[str, str]], str]] = {
    "postgres_password": _password,
    "postgres_desk_password": _password,
    "postgres_airflow_password": _password,
    "postgres_demo_bank_password": _password,
    "redis_password": _password,
    "nightdesk_desk_url": _database("nightdesk", "desk"),
    "nightdesk_source_url": _database("demo_bank", "demo_bank"),
    "nightdesk_smtp_url": lambda _made: "smtp://mail:1025",
    "airflow_database_url": _database("airflow", "airflow"),
    "airflow_fernet_key": _key,
    "airflow_api_secret_key": _key,
    "airflow_jwt_secret": _key,
    "airflow_passwords": lambda made: json.dumps({user: _password(made) for user in _USERS}),
    "celery_broker_url": lambda made: f"redis://:{made['redis_password']}@redis:6379/0",
}


if __name__ == "__main__":
    target = project_root() / FOLDER
    names = make_secrets(target)
    sys.stdout.write(f"{target}: {', '.join(names) if names else 'complete, nothing changed'}\n")
