"""Mails on their way in, from an IMAP server or a folder of .eml files: within bounds, none changed where it lies."""

import datetime
import imaplib
import re
import ssl
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import compat32
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from nightdesk.errors import PolicyError, SourceError

LARGEST_MAIL = 20_000_000
#: mails that one night takes: what is left waits for the next
MOST_MAILS = 300
_SECONDS = 30
_PORTS = {"imaps": 993, "imap+starttls": 143, "imap": 143}
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_REMEDY = "Set NIGHTDESK_FEEDBACK_URL to imaps://user:password@host/INBOX or to file:///folder of .eml files."
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


@dataclass(frozen=True)
class Incoming:
    """One mail: where it lies (`place` and `number` or `name` within it), when it had come, and its bytes.

    `content` is None for one that is larger than LARGEST_MAIL: it is named and not read.
    """

    place: str
    key: str
    arrived_at: datetime.datetime | None
    content: bytes | None


def mails_of(url: str, known: Mapping[str, Collection[str]]) -> Iterator[Incoming]:
    """The mails at an address that are not known yet (keys by place), oldest first, at most MOST_MAILS.

    Raises PolicyError for an address of no use, SourceError when the mailbox cannot be read.
    """
    parts = urlsplit(url)
    if parts.scheme == "file":
        if parts.netloc or not parts.path:
            raise PolicyError("the mailbox file://… needs an absolute folder", _REMEDY)
        return _of_folder(Path(unquote(parts.path)), known)
    return _of_server(require_server(url), known)


def require_server(url: str) -> SplitResult:
    """The parts of an IMAP address; raises PolicyError for another one, or one beyond this host in plain words."""
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise PolicyError(f"answers cannot be read by {parts.scheme or 'an empty address'}", _REMEDY)
    if parts.scheme == "imap" and parts.hostname not in _LOOPBACK:
        raise PolicyError("a mailbox beyond this host is read encrypted only", _REMEDY)
    try:
        parts.port  # noqa: B018  # asked for what it raises
    except ValueError:
        raise PolicyError("the port of the mailbox is not a number", _REMEDY) from None
    return parts


def require_address(url: str) -> None:
    """Raises PolicyError for an address of no use; asks nobody."""
    if urlsplit(url).scheme == "file":
        mails_of(url, {})
    else:
        require_server(url)


def _of_folder(folder: Path, known: Mapping[str, Collection[str]]) -> Iterator[Incoming]:
    place, taken = "folder", 0
    try:
        names = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".eml" and path.is_file())
    except OSError as error:
        raise SourceError(f"the folder of answers cannot be read ({error.strerror})", _REMEDY) from None
    for path in names:
        if path.name in known.get(place, ()):
            continue
        if taken == MOST_MAILS:
            return
        taken += 1
        try:
            with path.open("rb") as opened:
                content = opened.read(LARGEST_MAIL + 1)
            changed = datetime.datetime.fromtimestamp(path.stat().st_mtime, datetime.UTC)
        except OSError:
            continue  # taken away, or not to be read: the next night asks again
        whole = content if len(content) <= LARGEST_MAIL else None
        yield Incoming(place, path.name, _dated(content) or changed, whole)


def _dated(content: bytes) -> datetime.datetime | None:
    """When a server took a mail in, as its newest Received line says, else when it says that it was written."""
    head = message_from_bytes(content[:65_536].partition(b"\r\n\r\n")[0].partition(b"\n\n")[0], policy=compat32)
    said = str(head.get("Received") or "").rpartition(";")[2] or str(head.get("Date") or "")
    with suppress(ValueError, TypeError, IndexError, OverflowError):
        found = parsedate_to_datetime(said.strip())
        return found if found.tzinfo else found.replace(tzinfo=datetime.UTC)
    return None


def _of_server(parts: SplitResult, known: Mapping[str, Collection[str]]) -> Iterator[Incoming]:
    folder = unquote(parts.path.strip("/")) or "INBOX"
    try:
        server = _opened(parts)
        try:
            server.login(unquote(parts.username or ""), unquote(parts.password or ""))
            _require(server.select(f'"{folder}"', readonly=True))
            _, said = server.response("UIDVALIDITY")
            validity = next((word for word in said if isinstance(word, bytes)), b"0").decode()
            place = f"{parts.hostname}/{folder}/{validity}"
            yield from _fetched(server, place, known.get(place, ()))
        finally:
            with suppress(imaplib.IMAP4.error, OSError):
                server.logout()
    except (imaplib.IMAP4.error, OSError) as error:
        # a server's words may quote what was sent to it
        raise SourceError(
            f"the mailbox at {parts.hostname} cannot be read ({type(error).__name__})",
            "See the server and NIGHTDESK_FEEDBACK_URL; the next night asks again.",
        ) from None


def _opened(parts: SplitResult) -> imaplib.IMAP4:
    host, port = str(parts.hostname), parts.port or _PORTS[parts.scheme]
    context = ssl.create_default_context()
    if parts.scheme == "imaps":
        return imaplib.IMAP4_SSL(host, port, ssl_context=context, timeout=_SECONDS)
    server = imaplib.IMAP4(host, port, timeout=_SECONDS)
    if parts.scheme == "imap+starttls":
        try:
            server.starttls(context)
        except BaseException:
            server.shutdown()
            raise
    return server


def _fetched(server: imaplib.IMAP4, place: str, known: Collection[str]) -> Iterator[Incoming]:
    highest = max((int(key) for key in known if key.isdigit()), default=0)
    found = _require(server.uid("search", f"UID {highest + 1}:*"))[0] or b""
    # a server names its last mail even where that is below what was asked for
    numbers = sorted(uid for uid in (int(word) for word in bytes(found).split()) if uid > highest)
    for uid in numbers[:MOST_MAILS]:
        head = b" ".join(_texts(_require(server.uid("fetch", str(uid), "(RFC822.SIZE INTERNALDATE)"))))
        size = _SIZE.search(head)
        if size is None:
            continue  # it was deleted meanwhile
        stamp = imaplib.Internaldate2tuple(head)
        arrived = None
        if stamp is not None:
            arrived = datetime.datetime(*stamp[:6]).astimezone(datetime.UTC)
        content = None
        if int(size[1]) <= LARGEST_MAIL:
            parts = _require(server.uid("fetch", str(uid), "(BODY.PEEK[])"))
            content = next((part[1] for part in parts if isinstance(part, tuple)), None)
        yield Incoming(place, str(uid), arrived, content)


def _texts(parts: Sequence[Any]) -> list[bytes]:
    found = (part[0] if isinstance(part, tuple) else part for part in parts)
    return [text for text in found if isinstance(text, bytes)]


def _require(answer: tuple[str, Sequence[Any]]) -> Sequence[Any]:
    status, parts = answer
    if status != "OK":
        raise imaplib.IMAP4.error(status)
    return parts
