"""One step of a night, for the command line and for the orchestrator's tasks alike: measured, and in the ledger."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from nightdesk.attempt.opening import Night, ending, ledgered
from nightdesk.cycles import seldom_sought
from nightdesk.desk import steps
from nightdesk.desk.liveness import working_on
from nightdesk.errors import HeldNight
from nightdesk.failures import reduced
from nightdesk.metering import Meter
from nightdesk.steps import STEPS, UP_TO_PUBLICATION

log = logging.getLogger(__name__)

_MILLI = Decimal("0.001")


#: told which step begins and, when it is done, how many rows it made
Progress = Callable[[str, int | None], None]


@dataclass
class Step:
    """A step at work; what it was about is told by setting `rows`: rows kept, pages written, lists sent or mails read;
    `message` is what the ledger says of one that was done, though not all of it.
    """

    name: str
    part: str = ""
    rows: int | None = None
    message: str = ""


@contextmanager
def step(night: Night, name: str, part: str = "") -> Iterator[Step]:
    """Do one step of STEPS of a night: hold its attempt's lock, measure it, and note in the ledger how it ended.

    `part` tells apart the processes that share a step, such as chunks of branches. A step up to the publication that
    fails ends the attempt (ledgered); one that reads what is published does not.
    """
    if name not in STEPS:
        raise ValueError(f"a night has no step {name!r}")
    desk, attempt_id, taken = night.desk, night.attempt.attempt_id, Step(name, part)
    with working_on(desk, attempt_id):
        tries = steps.begin(desk, attempt_id, name, part)
        meter = Meter()
        try:
            with meter, seldom_sought():
                if name in UP_TO_PUBLICATION:
                    with ledgered(night):
                        yield taken
                else:
                    yield taken
        except BaseException as error:
            status, took = "held" if isinstance(error, HeldNight) else "failed", _measured(meter, taken.rows)
            try:
                steps.end(desk, attempt_id, name, part, tries, status, message=ending(error), **took)
            except SQLAlchemyError as unnoted:  # what the step failed of is what has to be said
                log.warning("the step %s could not be closed in the ledger (%s)", name, reduced(unnoted))
            raise
        steps.end(desk, attempt_id, name, part, tries, "done", message=taken.message, **_measured(meter, taken.rows))
    log.info(
        "%s %s: %s rows, %.1f s, %.1f s CPU, %d MB at most",
        night.business_date,
        f"{name} {part}".strip(),
        "no" if taken.rows is None else f"{taken.rows:,}",
        meter.seconds,
        meter.cpu_seconds,
        meter.peak_bytes // 1_000_000,
    )


def _measured(meter: Meter, rows: int | None) -> dict[str, Any]:
    return {
        "row_count": rows,
        "written_bytes": meter.written_bytes,
        "seconds": Decimal(meter.seconds).quantize(_MILLI),
        "cpu_seconds": Decimal(meter.cpu_seconds).quantize(_MILLI),
        "peak_bytes": meter.peak_bytes,
        "spill_bytes": meter.spill_bytes,
    }
