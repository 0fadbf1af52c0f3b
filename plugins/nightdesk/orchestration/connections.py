"""Settings of a task: the environment's, with Airflow's connections in place of URLs where they are defined."""

from airflow.sdk import Connection
from airflow.sdk.exceptions import AirflowNotFoundException

from nightdesk.settings import Settings, get_settings

#: connection id -> the setting that it stands in for
CONNECTIONS = {"nightdesk_source": "source_url", "nightdesk_desk": "desk_url", "smtp_default": "smtp_url"}
_SCHEMES = {"postgres": "postgresql+psycopg", "sqlite": "sqlite"}


def task_settings() -> Settings:
    """The settings of this process, connections first."""
    found = {}
    for connection_id, setting in CONNECTIONS.items():
        try:
            connection = Connection.get(connection_id)
        except AirflowNotFoundException:
            continue
        found[setting] = _url(connection)
    return get_settings().model_copy(update=found)


def _url(connection: Connection) -> str:
    uri = str(connection.get_uri())
    scheme, _, rest = uri.partition("://")
    if connection.conn_type == "smtp":
        extra = connection.extra_dejson
        plain = extra.get("disable_ssl") in (True, "true", "True", 1)
        secure = "smtp+starttls" if plain and extra.get("disable_tls") in (False, "false", "False", 0) else "smtp"
        return f"{secure if plain else 'smtps'}://{rest.partition('?')[0].rstrip('/')}"
    return f"{_SCHEMES.get(scheme, scheme)}://{rest}"
