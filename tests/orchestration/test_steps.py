"""A task that fails in a way nobody foresaw is noted in the ledger too: no attempt stays running for ever."""

import datetime
from pathlib import Path

import pytest

from nightdesk.desk.database import open_desk
from nightdesk.desk.ledger import Attempt, get_attempt, open_attempt
from nightdesk.settings import Settings

D = datetime.date(2026, 3, 31)


@pytest.fixture
def attempt(empty_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Settings, Attempt]:
    """An open attempt; the three connections of Airflow point to it, so that nothing else is asked for them."""
    source = f"sqlite:///{tmp_path / 'bank.db'}"
    monkeypatch.setenv("NIGHTDESK_HOME", str(tmp_path))
    monkeypatch.setenv("AIRFLOW_CONN_NIGHTDESK_SOURCE", source)
    monkeypatch.setenv("AIRFLOW_CONN_NIGHTDESK_DESK", empty_database)
    monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", "smtp://localhost:1025")
    settings = Settings(home=tmp_path, desk_url=empty_database)
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
    from nightdesk.orchestration.tasks import _step

    settings, entry = attempt
    with pytest.raises(ZeroDivisionError), _step(entry.attempt_id):
        raise ZeroDivisionError("three by none")
    with open_desk(settings).connect() as connection:
        assert get_attempt(connection, entry.attempt_id).status == "failed"
