"""One process of a trial: a whole night with mail, or one step of an attempt, killed where it is told to be.

Started as `python -m nightdesk_lab.chaos.child JOB`, JOB a JSON document: `step` (night, open, export or a step),
`date`, `attempt_id`, `log`, `kill_at` ([number, before or after] or null), `wait_for` (a file: the sign to begin).
Prints what it came to as JSON; an expected failure is one line and its exit code, as everywhere.
"""

import datetime
import json
import sys
import time
from pathlib import Path
from typing import Any

from nightdesk.attempt.opening import open_night, take_night
from nightdesk.closed import close_by_default
from nightdesk.desk.database import open_desk
from nightdesk.desk.publication import current
from nightdesk.errors import NightdeskError
from nightdesk.night.checking import check
from nightdesk.night.computing import compute
from nightdesk.night.extraction import extract
from nightdesk.night.mailing import send_lists
from nightdesk.night.pages import render_night
from nightdesk.night.publishing import publish
from nightdesk.night.stepping import step
from nightdesk.night.whole import run_night
from nightdesk.reading.exporting import export
from nightdesk.reading.published import PUBLISHED
from nightdesk.settings import Settings, get_settings
from nightdesk.steps import UP_TO_PUBLICATION
from nightdesk_lab.chaos.writes import Writes


def main(job: dict[str, Any]) -> int:
    """Do the job; returns the exit code."""
    close_by_default()
    settings = get_settings()
    while job.get("wait_for") and not Path(job["wait_for"]).exists():
        time.sleep(0.01)
    Writes(Path(job["log"]), tuple(job["kill_at"]) if job.get("kill_at") else None).install()
    try:
        said = _do(settings, job["step"], datetime.date.fromisoformat(job["date"]), job.get("attempt_id", ""))
    except NightdeskError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    sys.stdout.write(json.dumps(said) + "\n")
    return 0


def _do(settings: Settings, name: str, date: datetime.date, attempt_id: str) -> Any:
    if name == "night":
        return run_night(settings, date, send=True).publication.revision
    if name == "export":
        return {table: export(settings, table, date, "csv", None) for table in PUBLISHED}
    if name == "open":
        return open_night(settings, date).attempt.attempt_id
    night = take_night(settings, attempt_id) if name in UP_TO_PUBLICATION else None
    if night is None:
        with open_desk(settings).connect() as connection:
            published = current(connection, "contract", date)
        return render_night(settings, published) if name == "render" else len(send_lists(settings, published))
    with step(night, name):
        match name:
            case "extract":
                extract(night)
            case "check":
                check(night)
            case "publish":
                publish(night)
            case _:
                compute(night, name)
    return name


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))
