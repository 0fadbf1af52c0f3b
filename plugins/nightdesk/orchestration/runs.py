"""What Airflow says of the run that a task belongs to: its business date, whether it repeats a night, and mails."""

import datetime
from typing import Any

from airflow.sdk import get_current_context

from nightdesk.bank_profile import load_profile
from nightdesk.business_day import business_date_for
from nightdesk.desk.turn import FRESH, LEASE, REPLAY, Request
from nightdesk.orchestration.connections import task_settings
from nightdesk.ranges.repeating import Kind


def business_date_of_run() -> datetime.date:
    """The business date of this run: its parameter, or the bank day before the instant it stands for.

    The runs of a native backfill share their parameters: each goes by its own instant.
    """
    return business_date_in(get_current_context())


def business_date_in(context: Any) -> datetime.date:
    """The same of a run whose context is at hand."""
    asked = context["params"].get("business_date")
    if asked and not _is_of_backfill(context["dag_run"]):
        return datetime.date.fromisoformat(str(asked))
    run = context["dag_run"]
    instant = run.logical_date or run.run_after
    bank = load_profile(task_settings())
    return business_date_for(instant, bank.zone, bank.cut_off)


def kind_of_run() -> Kind:
    """Whether this run is its date's first, one of a native backfill (`airflow backfill create`), or was cleared."""
    run = get_current_context()["dag_run"]
    if _is_of_backfill(run):
        return Kind.backfill
    return Kind.cleared if run.clear_number else Kind.fresh


def _is_of_backfill(run: Any) -> bool:
    return str(getattr(run.run_type, "value", run.run_type)) == "backfill"


def mails(*, is_repeat: bool) -> bool:
    """Whether this run mails its lists: a night that is repeated only where the run was told so in so many words."""
    params = get_current_context()["params"]
    return bool(params.get("send_repeats", False)) if is_repeat else bool(params.get("send", True))


def asker_of_run() -> str:
    """Who this run is, to the ledger."""
    run = get_current_context()["dag_run"]
    return f"airflow:{run.dag_id}:{run.run_id}"


def turn_of_run() -> Request:
    """This run's request for the writer's turn."""
    run, day = get_current_context()["dag_run"], business_date_of_run()
    rank = REPLAY if kind_of_run() is Kind.backfill else FRESH
    what = f"the night of {day} (Airflow, {run.dag_id}, run {run.run_id})"
    bank = load_profile(task_settings())
    return Request(asker_of_run(), bank.name, day, rank, what, LEASE, bank.zone)


def is_last_try() -> bool:
    """Whether Airflow will not try this task again by itself."""
    ti: Any = get_current_context()["ti"]
    return int(ti.try_number) > int(ti.max_tries)


def earlier_run_is_open() -> bool:
    """Whether the run of the date before this one is still to run, or at it: a native backfill starts many at once."""
    before = get_current_context()["ti"].get_previous_dagrun()
    return before is not None and str(getattr(before.state, "value", before.state)) in ("queued", "running")
