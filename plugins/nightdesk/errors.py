"""What can go wrong, said to the person who can mend it: one line, a remedy and an exit code."""


class NightdeskError(Exception):
    """An expected failure.

    `what` says what happened and to which table, client or date; `remedy` says what to do about it.
    The command line prints both on one line and exits with `exit_code`. `is_final`: trying the same again cannot mend
    it; somebody has to do what the remedy says first.
    """

    exit_code = 1
    is_final = True

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what.rstrip('.')}. {remedy}")
        self.what = what
        self.remedy = remedy

    def __reduce__(self) -> tuple[type["NightdeskError"], tuple[str, str]]:
        return type(self), (self.what, self.remedy)


class UsageError(NightdeskError):
    """The command was asked for something that does not exist or does not fit together."""

    exit_code = 2


class SourceError(NightdeskError):
    """The source cannot be reached, or lacks a required table or column."""

    exit_code = 3
    is_final = False


class HeldNight(NightdeskError):
    """A critical check failed for a table: nothing is published, what was published before stays visible."""

    exit_code = 4


class Refused(NightdeskError):
    """The request would break a law: cut-off not passed, later nights published, an earlier cut-off."""

    exit_code = 5


class Busy(Refused):
    """Another run writes this bank's nights, and did not end within the time that this one may wait."""

    is_final = False


class StoreError(NightdeskError):
    """The desk database or the lake cannot be reached, or is not in the state a step needs."""

    exit_code = 6
    is_final = False


class MailError(NightdeskError):
    """A list could not be sent, or its fate is unknown. What certainly was not delivered may go out at another try."""

    exit_code = 7
    is_final = False


class PolicyError(NightdeskError):
    """A policy row or a setting is wrong."""

    exit_code = 8


class DeadlineMissed(NightdeskError):
    """The morning's lists are not out by the deadline."""

    exit_code = 9


class Unrendered(NightdeskError):
    """Pages of some branches or projects could not be made; all the others were."""
