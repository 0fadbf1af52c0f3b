"""Each on its own: what fails for one branch or project is noted, the others go on, and the end names it."""

import datetime
import logging
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from errno import EAGAIN, EBUSY, EDQUOT, EIO, EMFILE, ENFILE, ENOSPC, ESTALE, ETIMEDOUT

from nightdesk.desk.remedy import night_command
from nightdesk.errors import NightdeskError, StoreError, Unrendered

_LOG = logging.getLogger(__name__)
#: what a disk or a machine may have mended by itself a few minutes later; a name or a right stays as it is
_PASSING = frozenset({EAGAIN, EBUSY, EDQUOT, EIO, EMFILE, ENFILE, ENOSPC, ESTALE, ETIMEDOUT})
#: as many are named; the log has them all
_NAMED = 3


def first_of(texts: Sequence[str]) -> str:
    """The first of some texts, and how many more there are: an error is one line."""
    more = f"; and {len(texts) - _NAMED} more" if len(texts) > _NAMED else ""
    return "; ".join(texts[:_NAMED]) + more


class Each:
    """Goes on past the one that fails. `what` is what each of them is: a list, a page."""

    def __init__(self, what: str, profile: str, business_date: datetime.date) -> None:
        self._what, self._profile, self._date = what, profile, business_date
        self._tried = 0
        self._failed: dict[str, Exception] = {}

    @contextmanager
    def one(self, name: str) -> Iterator[None]:
        """Do one of them; an error stays in here. The log says where it was, and not on which values."""
        self._tried += 1
        try:
            yield
        except Exception as error:  # noqa: BLE001  # whatever it is, it is this one's alone
            self.note(name, error)

    def note(self, name: str, error: Exception) -> None:
        """Take note of one that failed."""
        self._failed[name] = error
        where = "" if isinstance(error, NightdeskError) else "\n" + "".join(traceback.format_tb(error.__traceback__))
        _LOG.error("%s %s of %s failed: %s%s", self._what, name, self._date, _kind(error), where)

    def require_all(self) -> None:
        """Raise when one failed, naming it: StoreError where another try may mend them all, else Unrendered."""
        if not self._failed:
            return
        named = first_of([f"{name} ({_kind(error)})" for name, error in self._failed.items()])
        kind = StoreError if all(_is_passing(error) for error in self._failed.values()) else Unrendered
        raise kind(
            f"{len(self._failed)} of {self._tried} {self._what}s of {self._date} could not be made: {named}",
            "All the others are there, and the night is published. Mend the cause, or report it with the log; then "
            f"clear the red task, or run {night_command(self._profile, self._date)}",
        )


def _kind(error: Exception) -> str:
    """What it was, without the values that a library's message may quote."""
    if isinstance(error, NightdeskError):
        return error.what
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return type(error).__name__


def _is_passing(error: Exception) -> bool:
    if isinstance(error, NightdeskError):
        return not error.is_final
    return isinstance(error, OSError) and error.errno in _PASSING
