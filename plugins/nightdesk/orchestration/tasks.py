"""The tasks that DAGs are made of: each calls one step of the night and passes on ids and counts, never frames."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from airflow.sdk import get_current_context, task
from airflow.sdk.exceptions import AirflowFailException

from nightdesk.bank_profile import load_profile
from nightdesk.business_day import business_date_for
from nightdesk.errors import (
    DeadlineMissed,
    HeldNight,
    MailError,
    PolicyError,
    Refused,
    UsageError,
)
from nightdesk.night.opening import Night, ledgered, take_night
from nightdesk.orchestration.connections import task_settings
from nightdesk.settings import Settings

#: what another try cannot mend
_FINAL = (DeadlineMissed, HeldNight, MailError, PolicyError, Refused, UsageError)
#: branches rendered and mailed by one mapped task
BRANCHES_PER_CHUNK = 20

Reference = dict[str, Any]


@contextmanager
def _said() -> Iterator[None]:
    """Let an expected failure be read in one line, and be tried again only where that can help."""
    try:
        yield
    except _FINAL as error:
        raise AirflowFailException(str(error)) from error


@contextmanager
def _step(attempt_id: str) -> Iterator[Night]:
    """A step of an attempt that is in the ledger; a failure is noted there."""
    night = take_night(task_settings(), attempt_id)
    with _said(), ledgered(night):
        yield night


def business_date_of_run() -> datetime.date:
    """The business date of this run: its parameter, or the bank day before the instant it stands for."""
    context = get_current_context()
    asked = context["params"].get("business_date")
    if asked:
        return datetime.date.fromisoformat(str(asked))
    run = context["dag_run"]
    instant = run.logical_date or run.run_after
    return business_date_for(instant, load_profile(task_settings()).zone)


@task
def open_night() -> str:
    """Enter the night in the ledger."""
    from nightdesk.night import opening

    with _said():
        return opening.open_night(task_settings(), business_date_of_run()).attempt.attempt_id


@task
def extract(attempt_id: str) -> str:
    """Read the source into the lake."""
    from nightdesk.night import extraction

    with _step(attempt_id) as night:
        counts = extraction.extract(night)
        print(f"{sum(counts.values()):,} rows of {len(counts)} tables")  # noqa: T201  # the task's log
    return attempt_id


@task
def check(attempt_id: str) -> str:
    """Hold the rows against the contract, the expectations and the control totals."""
    from nightdesk.night import checking

    with _step(attempt_id) as night:
        print(f"{checking.check(night):,} rows used")  # noqa: T201
    return attempt_id


@task
def compute(attempt_id: str, layer: str) -> str:
    """Build one layer."""
    from nightdesk.night import computing

    with _step(attempt_id) as night:
        for table, rows in computing.compute(night, layer).items():
            print(f"{table}: {rows:,} rows")  # noqa: T201
    return attempt_id


@task
def publish(attempt_id: str) -> Reference:
    """Make the whole night visible at once."""
    from nightdesk.night import publishing

    with _step(attempt_id) as night:
        published, is_new = publishing.publish(night)
    return {
        "profile": published.profile,
        "business_date": str(published.business_date),
        "revision": published.revision,
        "is_new": is_new,
    }


@task
def branch_chunks(reference: Reference) -> list[list[str]]:
    """The branches of a published night, in chunks."""
    from nightdesk.night import rendering

    settings = task_settings()
    branches = rendering.branches_of(settings, _publication(settings, reference))
    return [branches[i : i + BRANCHES_PER_CHUNK] for i in range(0, len(branches), BRANCHES_PER_CHUNK)]


@task
def render_branches(reference: Reference, branches: list[str]) -> list[str]:
    """Write the lists of some branches."""
    from nightdesk.night import rendering

    settings = task_settings()
    with _said():
        rendering.render_branches(settings, _publication(settings, reference), branches)
    return branches


@task
def render_pages(reference: Reference) -> int:
    """Write the ESG pages and the quality page."""
    from nightdesk.night import rendering

    settings = task_settings()
    with _said():
        return rendering.render_pages(settings, _publication(settings, reference))


@task
def send_lists(reference: Reference, branches: list[str]) -> dict[str, int]:
    """Mail the lists of some branches through the outbox, when the run sends and the next day is a workday."""
    from nightdesk.night import sending

    if not get_current_context()["params"].get("send", True):
        print("this run sends nothing (param send)")  # noqa: T201
        return {}
    settings = task_settings()
    with _said():
        deliveries = sending.send_lists(settings, _publication(settings, reference), branches=branches)
    counts: dict[str, int] = {}
    for delivery in deliveries:
        counts[delivery.status] = counts.get(delivery.status, 0) + 1
    return counts


@task
def replay() -> list[str]:
    """Run the nights of a range in order, as the parameters say."""
    from nightdesk.night import backfilling

    params = get_current_context()["params"]
    first, last = (datetime.date.fromisoformat(str(params[name])) for name in ("date_from", "date_to"))
    with _said():
        done = backfilling.run_backfill(
            task_settings(),
            first,
            last,
            reason=str(params["reason"]),
            send=bool(params["send"]),
            requested_by=f"airflow:{get_current_context()['dag_run'].run_id}",
            on_night=lambda result: print(  # noqa: T201
                f"{result.publication.business_date}: revision {result.publication.revision}"
            ),
        )
    return [str(result.publication.business_date) for result in done]


@task
def lists_are_out() -> str:
    """Fail when the morning's lists are not out."""
    from nightdesk.night import morning

    settings = task_settings()
    with _said():
        return morning.require_lists_out(settings, business_date_of_run())


@task(trigger_rule="one_failed", retries=0)
def watcher() -> None:
    """Fail when anything before it failed, so that red is red."""
    raise AirflowFailException("A task of this run failed: open the first red one; its last line says what to do.")


def _publication(settings: Settings, reference: Reference) -> Any:
    from nightdesk.desk.database import open_desk
    from nightdesk.desk.publication import current

    with open_desk(settings).connect() as connection:
        return current(
            connection,
            reference["profile"],
            datetime.date.fromisoformat(reference["business_date"]),
            reference["revision"],
        )
