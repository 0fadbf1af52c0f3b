"""Somebody is told: Airflow's callbacks, as mails to the operators' address. A notifier that fails fails nothing else.

Any Airflow notifier can stand beside it: `on_failure_callback` takes a list (defaults.py).
"""

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseNotifier

if TYPE_CHECKING:
    from airflow.sdk.definitions.context import Context

_LOG = logging.getLogger(__name__)


class TellOperators(BaseNotifier):
    """Mails what a task failed of, with exit code, table, and what to do; nobody where no address is set."""

    def notify(self, context: "Context") -> None:
        """Tell of the failure that Airflow's context is about."""
        from nightdesk.errors import NightdeskError
        from nightdesk.mail.operators import kind_of, tell
        from nightdesk.orchestration.connections import task_settings

        try:
            found: Any = context.get("exception")
            error = found
            while error is not None and not isinstance(error, NightdeskError):
                error = error.__cause__
            ti: Any = context["ti"]
            index = f"[{ti.map_index}]" if (ti.map_index or -1) >= 0 else ""
            facts = {
                "date": _date(),
                "task": f"{ti.dag_id} / {ti.task_id}{index}",
                "run": str(ti.run_id),
                "tries": str(ti.try_number),
            }
            told = error or (found if isinstance(found, BaseException) else None)
            tell(task_settings(), kind_of(told), told, facts)
        except Exception as error:  # noqa: BLE001  # a mail that cannot be made must not hide what it was about
            _LOG.error("the operators were not told: %s", type(error).__name__)  # values stay out of logs


def deadline_near(context: Mapping[str, Any] | None = None, **_: Any) -> None:
    """Airflow's deadline alert: tell when the lists of the morning are not out while there is still time to act.

    `context` is what Airflow says of the run, as in its REST API. The runs of a native backfill are about mornings that
    are long past: nobody is told of those. One that comes late says that the deadline has passed.
    """
    from nightdesk.bank_profile import load_profile
    from nightdesk.business_day import business_date_for
    from nightdesk.clock import now
    from nightdesk.errors import NightdeskError
    from nightdesk.mail.operators import tell
    from nightdesk.orchestration.connections import task_settings
    from nightdesk.reading import morning

    try:
        if ((context or {}).get("dag_run") or {}).get("run_type") == "backfill":
            return
        settings = task_settings()
        bank = load_profile(settings)
        business_date = business_date_for(now(), bank.zone, bank.cut_off)
        try:
            morning.require_lists_out(settings, business_date)
        except NightdeskError as error:
            kind = "deadline" if morning.is_past(settings, business_date, settings.deadline) else "deadline_near"
            tell(settings, kind, error, {"date": str(business_date), "deadline": settings.deadline})
    except Exception as error:  # noqa: BLE001
        _LOG.error("the operators were not told: %s", type(error).__name__)


def _date() -> str:
    from nightdesk.orchestration.runs import business_date_of_run

    try:
        return str(business_date_of_run())
    except Exception:  # noqa: BLE001  # a run without a date of its own is told of all the same
        return ""
