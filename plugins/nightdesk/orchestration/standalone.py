"""Airflow on one machine, below one home: the environment of its processes, its secrets, how to log in."""

import base64
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from nightdesk import pg
from nightdesk.closed import close_home
from nightdesk.settings import Settings, project_root, variable_of

HOST = "127.0.0.1"
USER = "admin"
METADATA = "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"
#: Airflow's services, in the order in which they are started
SERVICES = {
    "api-server": ("api-server",),
    "dag-processor": ("dag-processor",),
    # Logs are read from the folder they share: without the log servers nothing listens beyond loopback.
    "triggerer": ("triggerer", "--skip-serve-logs"),
    "scheduler": ("scheduler", "--skip-serve-logs"),
}


@dataclass(frozen=True)
class Login:
    """How to enter the web pages: a user, and the file that holds the password."""

    user: str
    password_file: Path

    def password(self) -> str:
        """The password itself, for a terminal."""
        content: dict[str, str] = json.loads(self.password_file.read_text(encoding="utf-8"))
        return content[self.user]


def airflow_home(settings: Settings) -> Path:
    """Airflow's own folder, below the home."""
    return settings.home / "airflow"


def airflow_environment(settings: Settings, *, port: int = 8080) -> dict[str, str]:
    """The environment of any Airflow process of this home: this process's, the settings, and Airflow's own.

    Starts the embedded PostgreSQL, whose database `airflow` holds Airflow's metadata, unless the desk is a
    server elsewhere and the environment names the metadata's too. `port` is where the API server listens.
    """
    home = airflow_home(settings)
    home.mkdir(parents=True, exist_ok=True)
    close_home(settings.home)
    address = f"http://{HOST}:{port}"
    outside = os.environ.get(METADATA) if settings.desk_url else None
    airflow = {
        "AIRFLOW_HOME": str(home),
        METADATA: outside or pg.ensure_server(settings.home).url("airflow"),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_POOL_SIZE": "2",
        "AIRFLOW__CORE__DAGS_FOLDER": str(project_root() / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(project_root() / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DEFAULT_TIMEZONE": settings.timezone,
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__PARALLELISM": "2",
        "AIRFLOW__CORE__FERNET_KEY": _secret(home, "fernet_key"),
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{address}/execution/",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{USER}:admin",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(_password_file(home)),
        "AIRFLOW__API__HOST": HOST,
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": address,
        "AIRFLOW__API__SECRET_KEY": _secret(home, "api_secret_key"),
        "AIRFLOW__API_AUTH__JWT_SECRET": _secret(home, "jwt_secret"),
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "30",
        "AIRFLOW__LOGGING__FILE_TASK_HANDLER_NEW_FOLDER_PERMISSIONS": "0o700",
        "AIRFLOW__LOGGING__FILE_TASK_HANDLER_NEW_FILE_PERMISSIONS": "0o600",
        "AIRFLOW__LOGGING__COLORED_CONSOLE_LOG": "False",
    }
    return {**os.environ, **_settings_environment(settings), **airflow}


def login(settings: Settings) -> Login:
    """User and password file of the web pages; the password is made on the first call."""
    return Login(USER, _password_file(airflow_home(settings)))


def _settings_environment(settings: Settings) -> dict[str, str]:
    """What was said in so many words, for another process, which finds the rest where this one found it.

    A default that is handed on as a setting would stand above the profile's own.
    """
    said = {name: getattr(settings, name) for name in Settings.model_fields}
    return {
        variable_of(name): str(value)
        for name, value in said.items()
        if value is not None and settings.origin(name).kind in ("option", "environment")
    }


def _secret(home: Path, name: str) -> str:
    """A random key of 32 bytes (url-safe base64, which is also Fernet's form), made once and kept private."""
    path = home / "secrets" / name
    if not path.exists():
        _write_private(path, base64.urlsafe_b64encode(secrets.token_bytes(32)).decode("ascii"))
    return path.read_text(encoding="ascii")


def _password_file(home: Path) -> Path:
    path = home / "secrets" / "passwords.json"
    if not path.exists():
        _write_private(path, json.dumps({USER: secrets.token_urlsafe(12)}))
    return path


def _write_private(path: Path, content: str) -> None:
    """Write a file that only its owner reads; of two writers at once, the first one's stays."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(content)
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()
