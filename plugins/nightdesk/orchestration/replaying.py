"""The tasks of a backfill: a plan, then its nights one by one, each seen, retried and cancelled on its own."""

import datetime
import logging
from typing import Any

from airflow.sdk import get_current_context, task
from airflow.sdk.exceptions import AirflowFailException, AirflowRescheduleException, AirflowSkipException

from nightdesk.clock import now
from nightdesk.errors import Busy
from nightdesk.orchestration.connections import task_settings
from nightdesk.orchestration.defaults import REPLAYER, TURN_POLL
from nightdesk.orchestration.failing import said
from nightdesk.orchestration.notes import leave_note
from nightdesk.orchestration.runs import asker_of_run

_LOG = logging.getLogger(__name__)
_PLAN, _REPLAY = "plan_nights", "night.replay_night"
#: the backfill's row in the ledger, in Airflow's exchange between tasks
_ID = "backfill_id"
#: seconds after which a night whose turn has not come in this backfill looks again
_QUEUE_POLL = 300.0
_NAMED = "{{ night_named }}"


@task(task_display_name="计划 · Plan")
def plan_nights() -> list[str]:
    """Refuse what may not be replayed, enter the backfill in the ledger, and name its nights in order."""
    from nightdesk.ranges import backfilling

    context = get_current_context()
    params = context["params"]
    first, last = (datetime.date.fromisoformat(str(params[name])) for name in ("date_from", "date_to"))
    with said():
        backfill_id, nights = backfilling.begin_planned(
            task_settings(),
            first,
            last,
            reason=str(params["reason"]),
            send=bool(params["send"]),
            is_rereading=bool(params["reread"]),
            requested_by=asker_of_run(),
        )
    context["ti"].xcom_push(key=_ID, value=backfill_id)
    return [str(planned.business_date) for planned in nights]


@task(
    **REPLAYER,
    max_active_tis_per_dagrun=1,
    retries=0,
    map_index_template=_NAMED,
    task_display_name="补跑一夜 · Replay night",
)
def replay_night(day: str) -> dict[str, Any]:
    """Run one night, once those before it are done and no other run writes; it comes back later until then."""
    from nightdesk.night.whole import run_night

    context = get_current_context()
    context["night_named"] = day  # type: ignore[typeddict-unknown-key]
    _require_earlier(day)
    ti = context["ti"]
    backfill_id = ti.xcom_pull(task_ids=_PLAN, key=_ID, map_indexes=-1)
    try:
        with said():
            result = run_night(
                task_settings(),
                datetime.date.fromisoformat(day),
                backfill_id=int(backfill_id),
                is_rereading=bool(context["params"]["reread"]),
                turn_wait=0,
            )
    except Busy as error:
        _LOG.info("%s", error)
        raise _again(TURN_POLL) from None
    published = result.publication
    return {"profile": published.profile, "business_date": day, "revision": published.revision}


@task(map_index_template=_NAMED, task_display_name="发送一夜 · Mail night")
def mail_night(day: str, reference: dict[str, Any]) -> dict[str, int]:
    """Mail the lists of a replayed night, marked as a backfill, where the parameters say so."""
    from nightdesk.night.mailing import send_lists
    from nightdesk.orchestration.tasks import published_of

    context = get_current_context()
    context["night_named"] = day  # type: ignore[typeddict-unknown-key]
    if not context["params"]["send"]:
        raise AirflowSkipException("this backfill mails nothing (param send)")
    settings = task_settings()
    with said():
        return {"lists": len(send_lists(settings, published_of(settings, reference), is_backfill=True))}


@task(trigger_rule="all_done", task_display_name="收尾 · Close")
def close_backfill() -> str:
    """Note in the ledger how the backfill ended: done, or stopped, also where a night failed or was cancelled."""
    from nightdesk.desk import backfills
    from nightdesk.desk.database import open_desk
    from nightdesk.reading.summary import backfill_summary

    ti: Any = get_current_context()["ti"]
    backfill_id = ti.xcom_pull(task_ids=_PLAN, key=_ID, map_indexes=-1)
    if backfill_id is None:
        raise AirflowSkipException("there is no backfill: the plan was refused")
    nights = ti.xcom_pull(task_ids=_PLAN, map_indexes=-1)
    states = [_state_of(number) for number in range(len(nights))]
    done = states.count("success")
    status = "done" if done == len(nights) else "stopped"
    said_of_it = f"{done} of {len(nights)} nights"
    backfills.end(open_desk(task_settings()), int(backfill_id), status, said_of_it)
    leave_note(backfill_summary(done, nights))
    return f"{status}: {said_of_it}"


def _require_earlier(day: str) -> None:
    """Come back later while the night before in this backfill is to run; fail when it did not succeed."""
    number = int(get_current_context()["ti"].map_index or 0)
    if number <= 0:
        return
    state = _state_of(number - 1)
    if state == "success":
        return
    if state in ("failed", "upstream_failed", "skipped", "removed"):
        raise AirflowFailException(
            f"the night of {day} was not run: the one before it in this backfill is {state.replace('_', ' ')}. "
            "Mend and clear that one with those after it."
        )
    _LOG.info("waits for the night before it in this backfill")
    raise _again(_QUEUE_POLL)


def _state_of(number: int) -> str:
    ti: Any = get_current_context()["ti"]
    found = ti.get_task_states(dag_id=ti.dag_id, task_ids=[_REPLAY], run_ids=[ti.run_id], map_index=number)
    states: dict[str, Any] = next(iter(found.values()), {})
    return str(next(iter(states.values()), None) or "none")


def _again(seconds: float) -> AirflowRescheduleException:
    return AirflowRescheduleException(now() + datetime.timedelta(seconds=seconds))  # type: ignore[no-untyped-call]
