"""Real runs of the real DAGs on the ten-client bank: a poisoned branch, and a backfill night by night."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from airflow_child import AirflowChild
from hand_bank import D, days_back, ten_clients, write_sqlite
from sqlalchemy import select

from nightdesk import pg
from nightdesk.desk.database import open_desk
from nightdesk.desk.tables import attempt, backfill, turn
from nightdesk.night.whole import run_night
from nightdesk.orchestration.standalone import airflow_environment
from nightdesk.reading.showing import revision_folder
from nightdesk.render.outputs import branch_folder
from nightdesk.settings import Settings

pytestmark = [pytest.mark.slow, pytest.mark.long]


class Bank:
    """A home, a bank in a file, and runs of DAGs against both."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(
            home=folder,
            source_url=write_sqlite(ten_clients(), folder / "bank.db"),
            operators_email="ops@bank.example",
            pages_url="https://pages.bank.example/out/",
        )
        self._child = AirflowChild(folder, lambda: {**os.environ, **airflow_environment(self.settings)})

    def run(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """What became of a run; the tasks' logs are in `log`."""
        return self._child.run(wanted["dag"], **wanted["conf"])

    @property
    def log(self) -> str:
        return self._child.log

    def close(self) -> None:
        self._child.close()
        pg.remove(self.settings.home)

    def rows(self, query: Any) -> list[Any]:
        with open_desk(self.settings).connect() as connection:
            return list(connection.execute(query).all())


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    made = Bank(tmp_path_factory.mktemp("ten"))
    yield made
    made.close()


def states(run: dict[str, Any], task_id: str) -> dict[int, tuple[str, str | None]]:
    """State and name by map index of one task."""
    return {index: (state, name) for task, index, state, name, _ in run["tasks"] if task == task_id}


def links(run: dict[str, Any], task_id: str) -> list[str | None]:
    """Where the links of one task lead."""
    return [address for task, _, _, _, found in run["tasks"] if task == task_id for address in found.values()]


def night(day: object, **conf: Any) -> dict[str, Any]:
    return {"dag": "nightly_monitoring", "conf": {"business_date": str(day), **conf}}


def test_given_a_branch_that_cannot_be_written_then_the_others_are_mailed_and_the_run_is_red_and_names_it(
    bank: Bank,
) -> None:
    published = run_night(bank.settings, days_back(2)).publication
    poisoned = branch_folder(revision_folder(bank.settings, published), "B1")
    shutil.rmtree(poisoned)
    poisoned.write_text("in the way")
    run = bank.run(night(days_back(2)))
    assert run["state"] == "failed"
    assert states(run, "lists.render_branches")[0][0] == "failed"
    assert "1 of 2 lists of 2026-03-29 could not be made: B1 (" in bank.log
    assert states(run, "lists.send_lists") == {0: ("success", "B1, B2")}
    assert (branch_folder(bank.settings.out / str(days_back(2)), "B2") / "list.html").exists()
    page = f"https://pages.bank.example/out/{days_back(2)}/quality.html"
    assert run["note"].split("\n\n") == [
        "2026-03-29 · 第 1 版 · 晨单 1 份，应发 2 份，已发送 1 份 · 客户 10 户，其中未评估 1 户",
        "2026-03-29 · revision 1 · 1 lists, 2 to be mailed, 1 sent · 10 clients, 1 of them not assessed",
        f"[质量页 · Quality page]({page})",
    ]
    assert links(run, "show") == [page]
    assert links(run, "prepare.check") == [""], "it is not held"
    assert bank.rows(select(turn)) == [], "the turn was given back"
    told = [one.read_bytes() for one in (bank.settings.home / "mail").glob("*.eml")]
    assert any(b"To: ops@bank.example" in one for one in told), "who keeps it running was told"
    poisoned.unlink()


def test_given_a_range_when_backfilled_then_each_night_is_a_task_of_its_own_and_the_ledger_closes_it(
    bank: Bank,
) -> None:
    dates = {"date_from": str(days_back(2)), "date_to": str(days_back(1)), "reason": "a test"}
    run = bank.run({"dag": "backfill_nights", "conf": dates})
    assert run["state"] == "success", bank.log[-3000:]
    assert states(run, "night.replay_night") == {
        0: ("success", str(days_back(2))),
        1: ("success", str(days_back(1))),
    }
    assert {state for state, _ in states(run, "night.mail_night").values()} == {"skipped"}
    assert run["note"].split("\n\n") == [
        "补跑 2026-03-29 至 2026-03-30 · 共 2 夜，完成 2 夜",
        "backfill 2026-03-29 to 2026-03-30 · 2 of 2 nights done",
    ]
    (row,) = bank.rows(select(backfill.c.status, backfill.c.message, backfill.c.is_sending))
    assert tuple(row) == ("done", "2 of 2 nights", False)
    attempts = bank.rows(select(attempt.c.backfill_id).where(attempt.c.backfill_id.is_not(None)))
    assert len(attempts) == 2


def test_given_a_night_that_fails_when_backfilled_then_those_after_it_refuse_and_the_ledger_says_stopped(
    bank: Bank,
) -> None:
    Path(str(bank.settings.source_url).removeprefix("sqlite:///")).rename(bank.settings.home / "away.db")
    dates = {"date_from": str(D), "date_to": str(days_back(-1)), "reason": "a test"}
    run = bank.run({"dag": "backfill_nights", "conf": dates})
    (bank.settings.home / "away.db").rename(str(bank.settings.source_url).removeprefix("sqlite:///"))
    assert run["state"] == "failed"
    assert {state for state, _ in states(run, "night.replay_night").values()} == {"failed"}
    assert "was not run: the one before it in this backfill is failed" in bank.log
    assert states(run, "close_backfill")[-1][0] == "success"
    rows = bank.rows(select(backfill.c.status, backfill.c.message).order_by(backfill.c.backfill_id))
    assert tuple(rows[-1]) == ("stopped", "0 of 2 nights")


def test_given_a_night_that_is_held_then_nothing_is_rendered_mailed_or_shown_and_the_turn_is_free(bank: Bank) -> None:
    empty = ten_clients()
    empty["account"] = [dict.fromkeys(empty["account"][0])]
    write_sqlite(empty, Path(str(bank.settings.source_url).removeprefix("sqlite:///")))
    run = bank.run(night(D))
    assert run["state"] == "failed"
    assert states(run, "prepare.check")[-1][0] == "failed"
    for task_id in ("publish", "lists.render_branches", "lists.send_lists", "render_pages"):
        assert {state for state, _ in states(run, task_id).values()} == {"upstream_failed"}, task_id
    assert states(run, "show")[-1][0] == "skipped"
    assert states(run, "watcher")[-1][0] == "failed"
    assert bank.rows(select(turn)) == []
    assert f"{D} · 未发布" in run["note"]
    assert "held: the night of 2026-03-31 is held: account: nothing_usable" in run["note"]
    held = f"https://pages.bank.example/out/{D}.held/quality.html"
    assert links(run, "prepare.check") == [held]
    assert run["note"].endswith(f"[暂停发布原因 · Why it is held]({held})")
    assert links(run, "show") == [""], "nothing is shown"


def test_given_a_published_night_when_its_week_and_quarter_are_asked_for_then_mails_leave_only_when_told(
    bank: Bank,
) -> None:
    run_night(bank.settings, D)
    for dag, conf, sends in (
        ("weekly_summary", {}, "send_weeks"),
        ("quarterly_scorecards", {"quarter": "2026Q1"}, "send_scorecards"),
    ):
        for send, state in ((None, "skipped"), (True, "success")):
            ran = bank.run({"dag": dag, "conf": {"business_date": str(D), "send": send, **conf}})
            assert ran["state"] == "success", bank.log
            assert {task: state for task, _, state, *_ in ran["tasks"]}[sends] == state
    assert list((bank.settings.home / "weekly" / str(D)).rglob("weekly_*.html"))
    assert list((bank.settings.home / "scorecard" / "2026Q1").rglob("scorecard_*.html"))


def test_given_a_quarter_that_is_not_over_when_asked_for_then_the_run_is_red_and_says_so(bank: Bank) -> None:
    ran = bank.run({"dag": "quarterly_scorecards", "conf": {"quarter": "2999Q4"}})
    assert ran["state"] == "failed"
    assert "the quarter 2999Q4 is not over" in bank.log
