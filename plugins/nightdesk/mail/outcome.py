"""What became of a message, in one of four words, and what takes one."""

from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Literal, Protocol, TypeAlias

Fate: TypeAlias = Literal["sent", "refused", "deferred", "uncertain"]
#: what a failure is about: this message, the connection that broke under it, or the server and so every message
Concern: TypeAlias = Literal["message", "connection", "server"]


@dataclass(frozen=True)
class Outcome:
    """sent: accepted; refused: for good, another try would end the same; deferred: certainly not delivered, another
    try may be; uncertain: nobody can know.

    `is_pointless`: a person has to mend something (a password, a right) before another try, or this sender has an old
    text of the message; so it makes none by itself.
    """

    fate: Fate
    detail: str
    concerns: Concern = "message"
    is_pointless: bool = False


def unmarked() -> None:
    """Nobody keeps a mark."""


class Transport(Protocol):
    """Something that takes a message."""

    def deliver(self, message: EmailMessage, before_data: Callable[[], None] = unmarked) -> Outcome:
        """Hand over one message and say what became of it. Never raises for what the other side does.

        `before_data` is called right before the first step after which the fate can become unknown; what it raises
        ends the delivery with nothing handed over.
        """
        ...
