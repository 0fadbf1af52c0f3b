"""Real runs of esg_review: by hand for a project and a period, and by the asset of the night that was published."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from airflow_child import AirflowChild
from hand_bank import D, days_back, ten_clients, write_sqlite

from nightdesk import pg
from nightdesk.night.whole import run_night
from nightdesk.orchestration.standalone import airflow_environment
from nightdesk.settings import Settings

pytestmark = [pytest.mark.slow, pytest.mark.long]
BEFORE = days_back(1)


def bank() -> dict[str, list[dict[str, Any]]]:
    """The ten clients, two projects, and an ESG reviewer with an address."""
    found = ten_clients()
    reviewer = {"staff_id": "E1", "branch_id": "B2", "name": "王审", "role": "esg", "email": "e1@bank.example"}
    found["staff"] += [reviewer]
    found["project"] = [
        {"project_id": name, "client_id": client, "branch_id": "B1", "name": name, "stage": "construction"}
        | {"ep_category": "A", "cn_class": "B", "approved_on": days_back(700)}
        for name, client in (("P1", "C06"), ("P2", "C07"))
    ]
    return found


class Runs:
    """A home with one published night, and runs of DAGs in it."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(home=folder, source_url=write_sqlite(bank(), folder / "bank.db"))
        self.child = AirflowChild(folder, lambda: {**os.environ, **airflow_environment(self.settings)})
        run_night(self.settings, BEFORE)

    def files(self, day: object) -> list[str]:
        folder = self.settings.home / "esg" / str(day)
        return sorted(str(path.relative_to(folder)) for path in folder.rglob("*.html"))


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    made = Runs(tmp_path_factory.mktemp("esg"))
    yield made
    made.child.close()
    pg.remove(made.settings.home)


def states(run: dict[str, Any]) -> dict[str, str]:
    """State by task; of a mapped one that of its last instance."""
    return {task: state for task, _, state, *_ in run["tasks"]}


def test_given_a_project_and_a_period_when_started_by_hand_then_that_review_alone_is_written_from_the_last_night(
    runs: Runs,
) -> None:
    run = runs.child.run("esg_review", project="P2", period=str(D), language="en")
    assert run["state"] == "success", runs.child.log[-3000:]
    assert runs.files(BEFORE) == ["esg/P2.html"]
    assert '<html lang="en"' in (runs.settings.home / "esg" / str(BEFORE) / "esg" / "P2.html").read_text("utf-8")
    found = states(run)
    assert (found["write_portfolio"], found["send_reviews"]) == ("skipped", "skipped")


def test_given_a_project_that_nobody_knows_when_started_by_hand_then_the_run_is_red_and_says_which(runs: Runs) -> None:
    run = runs.child.run("esg_review", project="P9")
    assert run["state"] == "failed"
    assert states(run)["project_chunks"] == "failed"
    assert "knows no project P9" in runs.child.log


def test_given_a_night_that_is_published_when_its_asset_starts_the_run_then_it_is_of_that_business_date(
    runs: Runs,
) -> None:
    night = runs.child.run("nightly_monitoring", business_date=str(D))
    assert night["state"] == "success", runs.child.log[-3000:]
    run_night(runs.settings, days_back(-1))  # a newer night is there: the run goes by the event, not by the newest
    run = runs.child.run_after(night["run_id"], "esg_review")
    assert run["state"] == "success", runs.child.log[-3000:]
    assert runs.files(D)[:2] == ["esg/P1.html", "esg/P2.html"]
    assert runs.files(days_back(-1)) == []
    assert states(run)["write_portfolio"] == "success"


def test_given_send_when_started_by_hand_then_the_reviewer_is_mailed_once(runs: Runs) -> None:
    def mails() -> int:
        return sum(b"To: e1@bank.example" in path.read_bytes() for path in (runs.settings.home / "mail").glob("*.eml"))

    for _ in range(2):
        run = runs.child.run("esg_review", business_date=str(BEFORE), project="P1", send=True)
        assert states(run)["send_reviews"] == "success", runs.child.log[-3000:]
        assert mails() == 1
