"""A task that fails in a way nobody foresaw is noted in the ledger too: no attempt stays running for ever."""

import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from nightdesk.desk.database import open_desk
from nightdesk.desk.ledger import Attempt, get_attempt, open_attempt
from nightdesk.desk.tables import turn
from nightdesk.errors import (
    Busy,
    HeldNight,
    NightdeskError,
    PolicyError,
    Refused,
    SourceError,
    StoreError,
    UsageError,
)
from nightdesk.settings import Settings

D = datetime.date(2026, 3, 31)


@pytest.fixture
def attempt(desk_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Settings, Attempt]:
    """An open attempt; the three connections of Airflow point to it, so that nothing else is asked for them."""
    source = f"sqlite:///{tmp_path / 'bank.db'}"
    monkeypatch.setenv("NIGHTDESK_HOME", str(tmp_path))
    monkeypatch.setenv("AIRFLOW_CONN_NIGHTDESK_SOURCE", source)
    monkeypatch.setenv("AIRFLOW_CONN_NIGHTDESK_DESK", desk_database)
    monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", "smtp://localhost:1025")
    settings = Settings(home=tmp_path, desk_url=desk_database)
    entry = open_attempt(
        open_desk(settings),
        profile="contract",
        business_date=D,
        cutoff_at=datetime.datetime(2026, 4, 1, 5, tzinfo=datetime.UTC),
        source=source,
        base_ccy="CNY",
        policy_version="test",
        code_version="test",
    )
    return settings, entry


def test_given_a_defect_in_a_step_then_the_attempt_is_failed_and_says_what_it_was(
    attempt: tuple[Settings, Attempt],
) -> None:
    from nightdesk.orchestration.failing import step

    settings, entry = attempt
    with of_run(try_number=1), pytest.raises(ZeroDivisionError), step(entry.attempt_id, "check"):
        raise ZeroDivisionError("three by none")
    with open_desk(settings).connect() as connection:
        assert get_attempt(connection, entry.attempt_id).status == "failed"


@pytest.mark.parametrize(
    ("error", "try_number", "is_tried_again"),
    [
        (SourceError("away", "wait"), 1, True),
        (StoreError("full", "make room"), 2, True),
        (SourceError("away", "wait"), 3, False),
        (HeldNight("held", "mend"), 1, False),
        (PolicyError("wrong", "mend"), 1, False),
        (UsageError("wrong", "mend"), 1, False),
        (Refused("no", "later"), 1, False),
    ],
)
def test_given_an_error_then_its_kind_says_whether_it_is_tried_again_and_only_then_the_turn_is_kept(
    attempt: tuple[Settings, Attempt], error: NightdeskError, try_number: int, is_tried_again: bool
) -> None:
    from airflow.sdk.exceptions import AirflowFailException

    from nightdesk.orchestration.failing import step

    settings, entry = attempt
    wanted = AirflowFailException if error.is_final else type(error)
    with of_run(try_number), pytest.raises(wanted), step(entry.attempt_id, "check"):
        raise error
    with open_desk(settings).connect() as connection:
        assert bool(connection.scalars(select(turn.c.asker)).all()) is is_tried_again


def test_given_another_run_with_the_turn_then_a_step_does_not_begin_and_may_be_tried_again(
    attempt: tuple[Settings, Attempt],
) -> None:
    from nightdesk.desk.turn import FRESH, LEASE, Request, seek
    from nightdesk.orchestration.failing import step

    settings, entry = attempt
    assert seek(open_desk(settings), Request("other", "contract", D, FRESH, "the other run", LEASE)) is None
    with of_run(1), pytest.raises(Busy, match="first comes the other run"), step(entry.attempt_id, "check"):
        pass


def of_run(try_number: int) -> Any:
    """The context of a task of a run, which Airflow tries up to three times."""
    from airflow.sdk.execution_time.context import set_current_context

    instant = datetime.datetime(2026, 3, 31, 21, 5, tzinfo=datetime.UTC)
    run = SimpleNamespace(
        dag_id="nightly_monitoring",
        run_id="r1",
        logical_date=instant,
        run_after=instant,
        run_type="scheduled",
        clear_number=0,
    )
    ti = SimpleNamespace(try_number=try_number, max_tries=2)
    return set_current_context({"params": {}, "dag_run": run, "ti": ti})  # type: ignore[typeddict-item]
