"""Airflow's connections as URLs, without Airflow: the same under its tasks and on the command line."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from nightdesk.errors import PolicyError

#: setting -> id of the connection that stands in for it
CONNECTIONS = {"source_url": "nightdesk_source", "desk_url": "nightdesk_desk", "smtp_url": "smtp_default"}
#: connection types that SQLAlchemy names otherwise
_DRIVERS = {"postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg"}
_YES = (True, "true", "True", 1)
_NO = (False, "false", "False", 0)


@dataclass(frozen=True)
class ConnectionParts:
    """What a connection says; text is as it is meant, not percent-encoded."""

    kind: str
    host: str = ""
    login: str = ""
    password: str = ""
    schema: str = ""
    port: int | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    def url(self) -> str:
        """The connection as the URL of a setting."""
        if self.kind == "smtp":
            return f"{self._smtp_scheme()}://{self._place()}"
        scheme = _DRIVERS.get(self.kind, self.kind.replace("_", "-"))
        plain = {name: str(value) for name, value in self.extra.items() if isinstance(value, str | int)}
        query = f"?{urlencode(plain)}" if plain else ""
        if scheme.partition("+")[0] == "sqlite":  # a file: Airflow's own hook has it as the host
            return f"{scheme}:///{self.host or self.schema}{query}"
        return f"{scheme}://{self._place()}{f'/{self.schema}' if self.schema else ''}{query}"

    def _place(self) -> str:
        user = quote(self.login, safe="") + (f":{quote(self.password, safe='')}" if self.password else "")
        host = f"[{self.host}]" if ":" in self.host else self.host
        return (f"{user}@" if user else "") + host + (f":{self.port}" if self.port else "")

    def _smtp_scheme(self) -> str:
        """Airflow encrypts unless told not to, and then by STARTTLS only when told to."""
        if self.extra.get("disable_ssl") not in _YES:
            return "smtps"
        return "smtp+starttls" if self.extra.get("disable_tls") in _NO else "smtp"


def connection_of_environment(connection_id: str) -> str | None:
    """The URL of a connection that AIRFLOW_CONN_<ID> gives, as a URI or as JSON; None where it gives none.

    Raises PolicyError naming the variable when it cannot be read.
    """
    variable = f"AIRFLOW_CONN_{connection_id.upper()}"
    text = os.environ.get(variable, "").strip()
    if not text:
        return None
    try:
        return (_of_json(text) if text.startswith("{") else _of_uri(text)).url()
    except (ValueError, TypeError, AttributeError):
        reason = "it is neither a URI nor the JSON of a connection"
    raise PolicyError(f"the variable {variable} cannot be used: {reason}", f"Correct {variable} and try again.")


def _of_json(text: str) -> ConnectionParts:
    said = json.loads(text)
    extra = said.get("extra") or {}
    return ConnectionParts(
        kind=_kind(said.get("conn_type")),
        host=said.get("host") or "",
        login=said.get("login") or "",
        password=said.get("password") or "",
        schema=said.get("schema") or "",
        port=int(said["port"]) if said.get("port") else None,
        extra=json.loads(extra) if isinstance(extra, str) else extra,
    )


def _of_uri(text: str) -> ConnectionParts:
    parts = urlsplit(text)
    extra: dict[str, Any] = dict(parse_qsl(parts.query, keep_blank_values=True))
    if packed := extra.pop("__extra__", None):
        extra = json.loads(packed)
    return ConnectionParts(
        kind=_kind(parts.scheme),
        host=unquote(parts.hostname or ""),
        login=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        schema=unquote(parts.path[1:]),
        port=parts.port,
        extra=extra,
    )


def _kind(text: str | None) -> str:
    if not text:
        raise ValueError("a connection needs a type")
    return text.lower()
