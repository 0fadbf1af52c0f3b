"""The tasks of the week's summary and of the scorecards: which night, pages, and mails on their day or when told."""

import datetime
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from airflow.sdk import get_current_context, task
from airflow.sdk.exceptions import AirflowSkipException

from nightdesk.business_day import Calendar, morning_of, quarter_day, week_begins
from nightdesk.desk.publication import Publication
from nightdesk.night.letters import Told
from nightdesk.orchestration.connections import task_settings
from nightdesk.orchestration.failing import said
from nightdesk.orchestration.notes import leave_note
from nightdesk.orchestration.runs import business_date_of_run
from nightdesk.orchestration.tasks import Reference, published_of
from nightdesk.orchestration.timetable import QUARTER_WORKDAY


@task(task_display_name="确定周 · Which week")
def which_week() -> Reference:
    """The published night of this run's business date: the week's seven days end with it."""
    from nightdesk.night import reviewing

    with said():
        return _reference(reviewing.night_of(task_settings(), business_date=business_date_of_run()))


@task(task_display_name="生成周报 · Write weeks")
def write_weeks(reference: Reference) -> int:
    """Write the week of every branch, or of the one that is asked for, each on its own."""
    from nightdesk.night import weekly

    settings = task_settings()
    with said():
        published = published_of(settings, reference)
        pages = weekly.write_weeks(settings, published, branch_id=_param("branch"))
    leave_note(f"{published.business_date}: {len(pages)} branches")
    return len(pages)


@task(retries=0, trigger_rule="all_done", task_display_name="发送周报 · Send weeks")
def send_weeks(reference: Reference | None) -> dict[str, int]:
    """Mail each branch's head its week, whatever pages lack: on the week's first working day, or when told."""
    from nightdesk.night import weekly

    return _sent(reference, week_begins, lambda *given: weekly.send_weeks(*given, branch_id=_param("branch")))


@task(task_display_name="确定季度 · Which quarter")
def which_quarter() -> Reference:
    """The newest published night that shows the quarter whole: the one asked for, or the last that was over."""
    from nightdesk.reading import scorecard

    settings, asked = task_settings(), _param("quarter")
    with said():
        day = business_date_of_run()
        quarter = scorecard.parsed_quarter(asked) if asked else scorecard.quarter_before(day)
        return _reference(scorecard.night_of_quarter(settings, quarter))


@task(task_display_name="生成考核表 · Write scorecards")
def write_scorecards(reference: Reference) -> int:
    """Write the scorecards of everybody, or of the one that is asked for, and each branch's side by side."""
    from nightdesk.night import scorecards

    settings = task_settings()
    with said():
        issued = scorecards.issue_scorecards(settings, published_of(settings, reference), staff_id=_param("staff"))
    leave_note(f"{issued.cards.quarter.name}, revision {issued.revision}: {len(issued.pages)} pages")
    return len(issued.pages)


@task(retries=0, trigger_rule="all_done", task_display_name="发送考核表 · Send scorecards")
def send_scorecards(reference: Reference | None) -> dict[str, int]:
    """Mail each person the own scorecard, then each head the branch's, whatever lacks: on its day, or when told."""
    from nightdesk.night import scorecard_mails

    def is_day(calendar: Calendar, morning: datetime.date) -> bool:
        return quarter_day(calendar, morning, QUARTER_WORKDAY)

    return _sent(reference, is_day, lambda *given: scorecard_mails.send_scorecards(*given, staff_id=_param("staff")))


def _sent(
    reference: Reference | None,
    is_day: Callable[[Calendar, datetime.date], bool],
    send: Callable[[Any, Publication], Sequence[Told]],
) -> dict[str, int]:
    """What became of the mails. Raises MailError where one did not leave; skips on any other day unless told."""
    from nightdesk.errors import MailError
    from nightdesk.reading.published_night import PublishedNight

    if reference is None:
        raise AirflowSkipException("there is no night to tell of: see the first task")
    context: Any = get_current_context()
    asked = context["params"].get("send")
    settings = task_settings()
    published = published_of(settings, reference)
    if asked is False:
        raise AirflowSkipException("this run mails nothing (param send)")
    if asked is None:
        kind = str(getattr(context["dag_run"].run_type, "value", context["dag_run"].run_type))
        if kind != "scheduled":
            raise AirflowSkipException("a run that a person started mails only where it is told to (param send)")
        with PublishedNight(settings, published) as night:
            if not is_day(night.calendar(), morning_of(business_date_of_run())):
                raise AirflowSkipException("it is not their day by the bank's own calendar")
    with said():
        told = send(settings, published)
        counts = Counter(one.fate for one in told)
        failed = sum(count for fate, count in counts.items() if fate not in ("sent", "already"))
        if failed:
            raise MailError(
                f"{failed} of {len(told)} mails did not leave",
                "Mend the mail server, then clear this task: nobody gets it twice. What was refused, or may have "
                "arrived, waits for a person: `nightdesk outbox list`, then `nightdesk outbox resolve`.",
            )
    return dict(counts)


def _reference(published: Publication) -> Reference:
    return {
        "profile": published.profile,
        "business_date": str(published.business_date),
        "revision": published.revision,
    }


def _param(name: str) -> str | None:
    value: Any = get_current_context()["params"].get(name)
    return str(value) if value else None
