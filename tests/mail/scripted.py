"""An SMTP server that says, byte for byte, what it is told to: half answers, garbage, silence."""

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

#: what a server that has no objection says at each stage
CONSENT = {
    "banner": b"220 here\r\n",
    "EHLO": b"250 here\r\n",
    "MAIL": b"250 ok\r\n",
    "RCPT": b"250 ok\r\n",
    "DATA": b"354 go on\r\n",
    "dot": b"250 taken\r\n",
    "QUIT": b"221 bye\r\n",
}
#: the other end hears nothing until it gives up
SILENCE = None


@dataclass
class Script:
    """What is said at a stage, or to one recipient (by address), if it is not CONSENT.

    Words that do not end a line are the last: the server hangs up after them. `heard` has every stage reached,
    `arrived` the messages that were accepted with their recipient.
    """

    says: dict[str, bytes | None] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    arrived: list[tuple[str, bytes]] = field(default_factory=list)
    url: str = ""
    is_over: threading.Event = field(default_factory=threading.Event)
    reached: dict[str, threading.Event] = field(default_factory=dict)

    def reaching(self, stage: str) -> threading.Event:
        """An event that is set when a stage is reached."""
        return self.reached.setdefault(stage, threading.Event())


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        script: Script = self.server.script  # type: ignore[attr-defined]
        if not self._say("banner"):
            return
        recipient = ""
        while line := self.rfile.readline():
            stage = line[:4].decode("ascii", "replace").strip().upper()
            if stage == "RCPT":
                recipient = re.search(rb"<(.*?)>", line)[1].decode()  # type: ignore[index]
            if not self._say(stage, recipient if stage == "RCPT" else ""):
                return
            if stage == "DATA" and script.says.get("DATA", CONSENT["DATA"])[:3] == b"354":  # type: ignore[index]
                content = b""
                while not content.endswith(b"\r\n.\r\n") and (more := self.rfile.readline()):
                    content += more
                said = script.says.get("dot", CONSENT["dot"])
                if said and re.match(rb"2\d\d", said):
                    script.arrived.append((recipient, content))
                if not self._say("dot"):
                    return

    def _say(self, stage: str, recipient: str = "") -> bool:
        script: Script = self.server.script  # type: ignore[attr-defined]
        script.heard.append(stage)
        script.reaching(stage).set()
        words = script.says.get(recipient or stage, script.says.get(stage, CONSENT.get(stage, b"502 no\r\n")))
        if words is None:
            script.is_over.wait(60)
            return False
        self.wfile.write(words)
        return words.endswith(b"\n")


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    script: Any

    def handle_error(self, _request: Any, _client: Any) -> None:
        """A client that hangs up first is part of the play."""


@contextmanager
def scripted_smtp(port: int = 0, **says: bytes | None) -> Iterator[Script]:
    """The server on loopback (on a free port unless one is named), gone at the end."""
    with _Server(("127.0.0.1", port), _Conversation) as server:
        server.script = script = Script(dict(says), url=f"smtp://127.0.0.1:{server.server_address[1]}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield script
        finally:
            script.is_over.set()
            server.shutdown()
            thread.join(10)
