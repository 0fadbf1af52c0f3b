"""The tasks that DAGs are made of: each calls one step of the night and passes on ids and counts, never frames."""

import datetime
import logging
from collections import Counter
from typing import Any

from airflow.sdk import get_current_context, task
from airflow.sdk.exceptions import AirflowFailException, AirflowRescheduleException, AirflowSkipException

from nightdesk.bank_profile import load_profile
from nightdesk.clock import wait_until
from nightdesk.desk.publication import Publication
from nightdesk.orchestration.asset import PUBLISHED_NIGHT, tell_published
from nightdesk.orchestration.connections import task_settings
from nightdesk.orchestration.defaults import BRANCHES_PER_CHUNK, TURN_POLL, WRITER
from nightdesk.orchestration.failing import delivering, opening, said, step
from nightdesk.orchestration.notes import leave_summary
from nightdesk.orchestration.runs import (
    asker_of_run,
    business_date_of_run,
    earlier_run_is_open,
    kind_of_run,
    mails,
    turn_of_run,
)
from nightdesk.settings import Settings

_LOG = logging.getLogger(__name__)

Reference = dict[str, Any]
#: the branches whose lists a task has written, in Airflow's exchange between tasks
_WRITTEN = "written"


@task.sensor(mode="reschedule", timeout=26 * 3600.0, task_display_name="等待截止 · Await cut-off")
def await_cut_off() -> bool:
    """Let a night that is asked for before its cut-off wait for that instant, holding no worker meanwhile."""
    bank = load_profile(task_settings())
    with said():
        opens_at = wait_until(business_date_of_run(), bank.zone, bank.cut_off)
    if opens_at is None:
        return True
    _LOG.info("waits for the cut-off at %s", opens_at.isoformat())
    raise AirflowRescheduleException(opens_at)  # type: ignore[no-untyped-call]


@task.sensor(
    mode="reschedule", poke_interval=TURN_POLL, timeout=26 * 3600.0, task_display_name="等待写入轮次 · Await turn"
)
def await_turn() -> bool:
    """Let the night wait, holding no worker, while another run writes this bank's nights; the fresh one goes first."""
    from nightdesk.desk import turn
    from nightdesk.desk.database import open_desk
    from nightdesk.ranges.repeating import Kind

    settings = task_settings()
    if kind_of_run() is Kind.backfill and earlier_run_is_open():
        _LOG.info("waits for the run of the date before")
        return False
    with said():
        ahead = turn.refuse_after(open_desk(settings), turn_of_run(), settings.turn_wait)
    if ahead is not None:
        _LOG.info("waits for %s", ahead)
    return ahead is None


def _bundle_version() -> str | None:
    """The version of the DAG bundle that this run is of; None where the bundle has none."""
    bundle = getattr(get_current_context()["ti"], "bundle_instance", None)
    return getattr(bundle, "version", None)


@task(**WRITER, task_display_name="开启批次 · Open night")
def open_night() -> str:
    """Enter the night in the ledger: a native backfill, or a cleared run of a published date, as a replay."""
    from nightdesk.ranges import repeating

    with opening():
        night = repeating.open_as(
            task_settings(),
            business_date_of_run(),
            kind_of_run(),
            requested_by=asker_of_run(),
            send=mails(is_repeat=True),
            commit=_bundle_version(),
        )
    return night.attempt.attempt_id


@task(**WRITER, task_display_name="取数 · Extract")
def extract(attempt_id: str) -> str:
    """Read the mailbox of answers, then the source into the lake."""
    from nightdesk.night import answers, extraction

    with step(attempt_id, "extract", answers.take_mailbox) as (night, taken):
        counts = extraction.extract(night)
        taken.rows = sum(counts.values())
        _LOG.info("%s rows of %s tables", f"{taken.rows:,}", len(counts))
    return attempt_id


@task(**WRITER, task_display_name="检查 · Check")
def check(attempt_id: str) -> str:
    """Hold the rows against the contract, the expectations and the control totals."""
    from nightdesk.night import checking

    with step(attempt_id, "check") as (night, taken):
        taken.rows = checking.check(night)
        _LOG.info("%s rows used", f"{taken.rows:,}")
    return attempt_id


@task(**WRITER, task_display_name="计算 · Compute")  # each layer brings a name of its own
def compute(attempt_id: str, layer: str) -> str:
    """Build one layer."""
    from nightdesk.night import computing

    with step(attempt_id, layer) as (night, taken):
        counts = computing.compute(night, layer)
        taken.rows = sum(counts.values())
        for table, rows in counts.items():
            _LOG.info("%s: %s rows", table, f"{rows:,}")
    return attempt_id


@task(**WRITER, outlets=[PUBLISHED_NIGHT], task_display_name="发布 · Publish")
def publish(attempt_id: str) -> Reference:
    """Make the whole night visible at once."""
    from nightdesk.desk import turn
    from nightdesk.night import publishing
    from nightdesk.ranges import repeating

    with step(attempt_id, "publish") as (night, _):
        published, is_new = publishing.publish(night)
        repeating.close_as(night, "done", "1 nights")
    turn.leave(night.desk, asker_of_run())
    reference: Reference = {
        "profile": published.profile,
        "business_date": str(published.business_date),
        "revision": published.revision,
        "is_new": is_new,
        "is_repeat": night.attempt.backfill_id is not None,
    }
    tell_published(reference)
    return reference


@task(task_display_name="网点分组 · Branches")
def branch_chunks(reference: Reference) -> list[list[str]]:
    """The branches of a published night, in chunks."""
    from nightdesk.reading import published_night as rendering

    settings = task_settings()
    branches = rendering.branches_of(settings, published_of(settings, reference))
    return [branches[i : i + BRANCHES_PER_CHUNK] for i in range(0, len(branches), BRANCHES_PER_CHUNK)]


@task(map_index_template="{{ branches_named }}", task_display_name="生成晨单 · Render lists")
def render_branches(reference: Reference, branches: list[str]) -> list[str]:
    """Write the lists of some branches, each on its own: what is written goes out, whatever became of the others."""
    from nightdesk.night import pages

    settings = task_settings()
    ti = _named(branches)
    published = published_of(settings, reference)
    written: list[str] = []
    try:
        with delivering(published, "render", f"lists {ti.map_index}") as taken:
            pages.render_branches(settings, published, branches, on_done=written.append)
            taken.rows = len(written)
    finally:
        ti.xcom_push(key=_WRITTEN, value=written)  # a task that fails returns nothing
    return written


@task(task_display_name="生成评审与质量页 · Render pages")
def render_pages(reference: Reference) -> int:
    """Write the ESG pages and the quality page, and say from when working days are only guessed."""
    from nightdesk.attempt import calendars
    from nightdesk.night import pages
    from nightdesk.render.catalogue import catalogue

    settings = task_settings()
    published = published_of(settings, reference)
    with delivering(published, "render", "pages") as taken:
        if gap := calendars.published_gap(settings, published):
            line = catalogue("en")(f"calendar_gap.{gap.kind}", year=gap.first_day.year, day=gap.first_day.isoformat())
            _LOG.warning("%s", line)
        taken.rows = pages.render_pages(settings, published)
    return taken.rows


@task(map_index_template="{{ branches_named }}", trigger_rule="all_done", task_display_name="发送晨单 · Send lists")
def send_lists(reference: Reference, branches: list[str]) -> dict[str, int]:
    """Mail the lists that were written of some branches, when the run mails and the next day is a workday."""
    from nightdesk.night import mailing

    ti = _named(branches)
    written = ti.xcom_pull(
        task_ids=ti.task_id.replace("send_lists", "render_branches"), key=_WRITTEN, map_indexes=ti.map_index
    )
    if not written:
        raise AirflowSkipException("none of these lists was written: see render_branches")
    if len(written) < len(branches):
        _LOG.warning("not written, and so not mailed: %s", ", ".join(sorted(set(branches) - set(written))))
    is_repeat = bool(reference["is_repeat"])
    if not mails(is_repeat=is_repeat):
        _LOG.info("this run mails nothing (param %s)", "send_repeats" if is_repeat else "send")
        return {}
    settings = task_settings()
    published = published_of(settings, reference)
    with delivering(published, "send", f"lists {ti.map_index}") as taken:
        deliveries = mailing.send_lists(settings, published, branches=written, is_backfill=is_repeat)
        taken.rows = len(deliveries)
    return dict(Counter(delivery.status for delivery in deliveries))


@task(trigger_rule="all_done", task_display_name="切换展示 · Show")
def show(reference: Reference | None) -> list[str]:
    """Let readers see this revision, once everything of it was tried; returns the branches that have no list."""
    from nightdesk.night import pages

    settings = task_settings()
    try:
        if reference is None:
            raise AirflowSkipException("nothing is published, so nothing is shown")
        with said():
            return pages.show_revision(settings, published_of(settings, reference))
    finally:
        leave_summary(settings, business_date_of_run())


@task(trigger_rule="all_done", task_display_name="总行日报 · Head-office digest")
def tell_head_office(reference: Reference | None) -> dict[str, int]:
    """Mail the digest to head office, where this run mails at all, once the lists were tried; how many of each fate."""
    from nightdesk.night import digest_mail

    if reference is None:
        raise AirflowSkipException("nothing is published, so there is nothing to tell")
    is_repeat = bool(reference["is_repeat"])
    if not mails(is_repeat=is_repeat):
        _LOG.info("this run mails nothing (param %s)", "send_repeats" if is_repeat else "send")
        return {}
    settings = task_settings()
    told = digest_mail.send_digest(settings, published_of(settings, reference), is_backfill=is_repeat)
    return dict(Counter(one.fate for one in told))


@task(task_display_name="晨单送出否 · Lists are out")
def lists_are_out() -> str:
    """Fail when the morning's lists are not out."""
    from nightdesk.reading import morning

    settings, business_date = task_settings(), business_date_of_run()
    try:
        with said():
            return morning.require_lists_out(settings, business_date)
    finally:
        leave_summary(settings, business_date)


@task(
    trigger_rule="one_failed", retries=0, on_failure_callback=[], task_display_name="总览 · Watcher"
)  # what failed has told of itself
def watcher() -> None:
    """Fail when anything before it failed, so that red is red."""
    raise AirflowFailException("A task of this run failed: open the first red one; its last line says what to do.")


def _named(branches: list[str]) -> Any:
    """The mapped task at hand, which the web pages call by its branches from here on."""
    context = get_current_context()
    context["branches_named"] = ", ".join(branches)[:200]  # type: ignore[typeddict-unknown-key]
    return context["ti"]


def published_of(settings: Settings, reference: Reference) -> Publication:
    """The publication that a task refers to."""
    from nightdesk.desk.database import open_desk
    from nightdesk.desk.publication import current

    with open_desk(settings).connect() as connection:
        return current(
            connection,
            reference["profile"],
            datetime.date.fromisoformat(reference["business_date"]),
            reference["revision"],
        )
