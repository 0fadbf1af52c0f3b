"""A tiny IMAP server on loopback: login, one folder, search and fetch by UID, and what it was asked to change."""

import datetime
import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, user: str, password: str) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.user, self.password = user, password
        self.mails: list[tuple[bytes, datetime.datetime]] = []
        self.fetched: list[int] = []
        self.changed: list[str] = []

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def add(self, content: bytes, at: datetime.datetime) -> None:
        """Put a mail into the folder, as taken in at an instant."""
        self.mails.append((content, at))


class _Talk(socketserver.StreamRequestHandler):
    server: _Server
    disable_nagle_algorithm = True  # an answer of two writes would wait for its other half

    def say(self, *lines: bytes) -> None:
        for line in lines:
            self.wfile.write(line + b"\r\n")

    def handle(self) -> None:
        self.say(b"* OK loopback server")
        is_in = False
        while line := self.rfile.readline().decode().rstrip("\r\n"):
            tag, command, *rest = line.split(" ", 2)
            words = rest[0] if rest else ""
            name = command.upper()
            ok = f"{tag} OK done".encode()
            if name == "CAPABILITY":
                self.say(b"* CAPABILITY IMAP4rev1", ok)
            elif name == "LOGIN":
                # the user bare, the password quoted, as imaplib writes them
                is_in = words == f'{self.server.user} "{self.server.password}"'
                self.say(ok if is_in else f"{tag} NO {words}".encode())
            elif name == "LOGOUT":
                self.say(b"* BYE", ok)
                return
            elif not is_in:
                self.say(f"{tag} NO not logged in".encode())
            elif name in ("SELECT", "EXAMINE"):
                if name == "SELECT":
                    self.server.changed.append(line)
                self.say(f"* {len(self.server.mails)} EXISTS".encode(), b"* OK [UIDVALIDITY 7] x", ok)
            elif name == "UID":
                self.uid(words)
                self.say(ok)
            else:
                self.server.changed.append(line)
                self.say(f"{tag} BAD unknown".encode())

    def uid(self, words: str) -> None:
        if match := re.fullmatch(r"search UID (\d+):\*", words, re.IGNORECASE):
            last = len(self.server.mails)
            # the last mail is named whatever is asked for, as servers do
            found = sorted({*range(int(match[1]), last + 1), *([last] if last else [])})
            self.say(b"* SEARCH " + " ".join(map(str, found)).encode())
        elif match := re.fullmatch(r"fetch (\d+) \((.*)\)", words, re.IGNORECASE):
            number = int(match[1])
            content, at = self.server.mails[number - 1]
            if "BODY.PEEK[]" in match[2]:
                self.server.fetched.append(number)
                self.wfile.write(f"* {number} FETCH (UID {number} BODY[] {{{len(content)}}}\r\n".encode())
                self.wfile.write(content)
                self.say(b")")
            else:
                when = at.strftime("%d-%b-%Y %H:%M:%S %z")
                size = f"RFC822.SIZE {len(content)}"
                self.say(f'* {number} FETCH (UID {number} {size} INTERNALDATE "{when}")'.encode())
        else:
            self.server.changed.append(words)


@contextmanager
def loopback_imap(user: str, password: str) -> Iterator[_Server]:
    """A server with one account and an empty folder."""
    with _Server(user, password) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
