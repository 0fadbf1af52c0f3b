"""Settings of a task: the effective ones, with connections asked of Airflow."""

from airflow.sdk import Connection
from airflow.sdk.exceptions import AirflowNotFoundException

from nightdesk.airflow_connections import ConnectionParts
from nightdesk.closed import close_by_default
from nightdesk.settings import Settings, effective


def task_settings() -> Settings:
    """The settings of this task: Airflow's connections are asked for the URLs that nothing above them gives.

    Every task begins here, so this is where its process is told to write for its own account only.
    """
    close_by_default()
    return effective(connection=_url)


def _url(connection_id: str) -> str | None:
    try:
        found = Connection.get(connection_id)
    except AirflowNotFoundException:
        return None
    return ConnectionParts(
        kind=str(found.conn_type or ""),
        host=found.host or "",
        login=found.login or "",
        password=found.password or "",
        schema=found.schema or "",
        port=found.port,
        extra=found.extra_dejson,
    ).url()
