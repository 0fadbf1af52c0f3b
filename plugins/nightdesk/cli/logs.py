"""Where the package's log goes on the command line: one line each on stderr, beside progress, from a level up."""

import logging

from nightdesk.cli.options import remarks

_PACKAGE = logging.getLogger("nightdesk")


class _Remarks(logging.Handler):
    """Prints above a progress bar rather than through it."""

    def emit(self, record: logging.LogRecord) -> None:
        """Print one record."""
        remarks.print(f"{record.levelname.lower()}: {self.format(record)}")


def configure(level: str) -> None:
    """Let what the package logs be read from this level up (debug, info, warning, error).

    Other packages' logs and warnings are for those who look for a defect: they are shown at the level debug only.
    """
    logging.captureWarnings(True)
    root = logging.getLogger()
    for logger in (root, _PACKAGE):
        for handler in [one for one in logger.handlers if isinstance(one, _Remarks | logging.NullHandler)]:
            logger.removeHandler(handler)
    _PACKAGE.setLevel(level.upper())
    if level == "debug":
        root.addHandler(_Remarks())  # the package's own come up to it
    else:
        _PACKAGE.addHandler(_Remarks())
        root.addHandler(logging.NullHandler())  # else Python prints others' warnings itself


def is_debugging() -> bool:
    """Whether somebody looks for a defect, and wants what others said in full."""
    return _PACKAGE.isEnabledFor(logging.DEBUG)
