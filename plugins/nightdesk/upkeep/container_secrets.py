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
_SERVER = "postgresql+psycopg://nightdesk:{password}@postgres:5432/{database}"


def make_secrets(folder: Path) -> list[str]:
    """Write each missing secret into `folder`; returns the names of those written.

    Passwords are made first: the addresses hold them.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
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


def _database(name: str) -> Callable[[Mapping[str, str]], str]:
    return lambda made: _SERVER.format(password=made["postgres_password"], database=name)


MAKERS: dict[str, Callable[[Mapping[str, str]], str]] = {
    "postgres_password": _password,
    "redis_password": _password,
    "nightdesk_desk_url": _database("nightdesk"),
    "nightdesk_source_url": _database("demo_bank"),
    "nightdesk_smtp_url": lambda _made: "smtp://mail:1025",
    "airflow_database_url": _database("airflow"),
    "airflow_fernet_key": _key,
    "airflow_api_secret_key": _key,
    "airflow_jwt_secret": _key,
    "airflow_passwords": lambda made: json.dumps({"admin": _password(made)}),
    "celery_broker_url": lambda made: f"redis://:{made['redis_password']}@redis:6379/0",
}


if __name__ == "__main__":
    target = project_root() / FOLDER
    names = make_secrets(target)
    sys.stdout.write(f"{target}: {', '.join(names) if names else 'complete, nothing changed'}\n")
