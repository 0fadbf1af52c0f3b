"""The embedded PostgreSQL of one home: `ensure_server(home)` and a URL is all that callers need."""

from nightdesk.pg.server import Server, Status, ensure_server, remove, status, stop

__all__ = ["Server", "Status", "ensure_server", "remove", "status", "stop"]
