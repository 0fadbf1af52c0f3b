"""A run's note, which the web pages show beside it: its business date first, and at the end what came of it.

A task cannot write a note. It leaves the text in Airflow's exchange between tasks; the scheduler, which ends the run
and may write to it, hangs it there. What a person has noted of a run stays.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from airflow.listeners import hookimpl
from airflow.sdk import get_current_context

if TYPE_CHECKING:
    import datetime

    from airflow.models.dagrun import DagRun
    from sqlalchemy.orm import Session

    from nightdesk.settings import Settings

_LOG = logging.getLogger(__name__)
_KEY = "run_note"
#: characters that Airflow keeps of a note
_LONGEST = 1000
_NO_NOTE = "there is no note of this run"


def leave_note(text: str) -> None:
    """Leave what is to be noted of this task's run; of several, the last counts. Not being able to fails no task."""
    try:
        get_current_context()["ti"].xcom_push(key=_KEY, value=text)
    except Exception as error:  # noqa: BLE001  # whatever keeps a note away, the task's own outcome counts
        _LOG.warning("%s: %s", _NO_NOTE, error)


def leave_summary(settings: "Settings", business_date: "datetime.date") -> None:
    """Leave what stands of a night, and where its page is. Not being able to say so fails no task."""
    from nightdesk.orchestration.links import HeldPage, QualityPage, page_address
    from nightdesk.reading.showing import held_folder, shown_folder
    from nightdesk.reading.summary import night_summary

    try:
        text = night_summary(settings, business_date)
        for link, folder_of in ((QualityPage, shown_folder), (HeldPage, held_folder)):
            if address := page_address(settings, folder_of(settings, business_date)):
                text += f"\n\n[{link.name}]({address})"
    except Exception as error:  # noqa: BLE001  # the same
        _LOG.warning("%s: %s", _NO_NOTE, error)
    else:
        leave_note(text)


@hookimpl
def on_dag_run_running(dag_run: "DagRun", msg: str) -> None:  # noqa: ARG001  # Airflow passes by name
    """The run begins: it is called by its date, also where its id has none or another zone's."""
    from nightdesk.orchestration.timetable import BankMornings

    timetable: Any = dag_run.dag.timetable if dag_run.dag else None
    if isinstance(timetable, BankMornings):
        asked = None if dag_run.run_type == "backfill" else (dag_run.conf or {}).get("business_date")
        with _kept(dag_run) as (run, _):
            _hang(run, str(asked or timetable.business_date_of(run.logical_date or run.run_after)))


@hookimpl
def on_dag_run_success(dag_run: "DagRun", msg: str) -> None:  # noqa: ARG001
    """The run ends: what its tasks left is hung on it."""
    with _kept(dag_run) as (run, session):
        _hang(run, _left(run, session))


@hookimpl
def on_dag_run_failed(dag_run: "DagRun", msg: str) -> None:  # noqa: ARG001
    """The same for a run that failed."""
    with _kept(dag_run) as (run, session):
        _hang(run, _left(run, session))


@contextmanager
def _kept(dag_run: "DagRun") -> Iterator[tuple[Any, "Session"]]:
    """The run as its session keeps it: the scheduler's, whose transaction holds the run's lock; `dag.test` has none."""
    from airflow.models.dagrun import DagRun
    from airflow.utils.session import create_session
    from sqlalchemy.orm import object_session

    session = object_session(dag_run)
    if session is not None:
        yield dag_run, session
        return
    with create_session() as session:
        yield session.get_one(DagRun, dag_run.id), session


def _left(run: "DagRun", session: "Session") -> str:
    from airflow.models.xcom import XComModel

    query = XComModel.get_many(key=_KEY, dag_ids=run.dag_id, run_id=run.run_id, limit=1)
    found = session.scalars(query).first()
    text = None if found is None else XComModel.deserialize_value(found)
    return text if isinstance(text, str) else ""


def _hang(run: Any, text: str) -> None:
    standing = run.dag_run_note
    is_a_persons = standing is not None and standing.user_id is not None
    if text and not is_a_persons:
        run.note = text[:_LONGEST]
