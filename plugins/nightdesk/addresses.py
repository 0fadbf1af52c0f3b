"""Addresses as they may be shown: what a URL says of user, host and database, without its secrets."""

import re

#: names of query arguments, or of keywords of a connection string, whose values are secrets
_HUSHED = r"[\w.%-]*(?:pass|pwd|secret|token|credential|odbc_connect|signature|sig|key)[\w.%-]*"
_ARGUMENT = re.compile(rf"((?:^|[?&;\s]){_HUSHED}\s*=)[^&;\s]*", re.IGNORECASE)
_HIDDEN = "***"


def masked_url(url: str) -> str:
    """A URL without its secrets: the password before the host, and query arguments such as ?password=.

    Reads it by hand, since one that nothing can parse has to be shown too. What stands between the first colon and
    the last @ before the query counts as password, so that an unquoted / ? or @ in it is hidden with it.
    """
    scheme, separator, rest = url.partition("://")
    if not separator:
        return _hidden(url)
    is_signed_in = "@" in rest
    # a ? before the first @ belongs to the password
    query_at = rest.find("?", rest.find("@") + 1 if is_signed_in else 0)
    place, query = (rest, "") if query_at < 0 else (rest[:query_at], rest[query_at:])
    who, at, where = place.rpartition("@")
    user, colon, _ = who.partition(":")
    if at and colon:
        place = f"{user}:{_HIDDEN}@{where}"
    return f"{scheme}://{place}{_hidden(query)}"


def unusable_url(error: Exception) -> str:
    """Why SQLAlchemy cannot use a URL: it may take a part of the password for the port, and quotes that."""
    return "its port is not a number" if type(error) is ValueError else str(error).splitlines()[0]


def _hidden(arguments: str) -> str:
    return _ARGUMENT.sub(rf"\1{_HIDDEN}", arguments)
