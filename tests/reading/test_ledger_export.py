"""The ledger as it is exported: every attempt at a date, which revision stands, and what its steps took."""

import datetime
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from nightdesk.desk import steps
from nightdesk.desk.database import open_desk
from nightdesk.desk.ledger import Attempt, close_attempt, open_attempt
from nightdesk.desk.publication import publish
from nightdesk.errors import DeadlineMissed
from nightdesk.reading.exporting import export
from nightdesk.reading.morning import Gap, look, require_lists_out
from nightdesk.reading.summary import backfill_summary, night_summary
from nightdesk.settings import Settings

D = datetime.date(2026, 3, 31)
ONE_DAY = datetime.timedelta(days=1)


@pytest.fixture
def settings(desk_database: str, tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, desk_url=desk_database)


def opened(desk: Engine, after: int = 0, *, bank: str = "contract", hour: int = 21) -> Attempt:
    day = D + after * ONE_DAY
    return open_attempt(
        desk,
        profile=bank,
        business_date=day,
        cutoff_at=datetime.datetime.combine(day, datetime.time(hour), datetime.UTC),
        source="sqlite://",
        base_ccy="CNY",
        policy_version="p",
        code_version="c",
    )


def exported(settings: Settings, table: str, **asked: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(export(settings, table, D, "json", None, **asked) or "")
    return found


def test_given_two_revisions_a_failed_attempt_and_another_bank_then_each_has_its_line_and_one_of_a_bank_stands(
    settings: Settings,
) -> None:
    desk = open_desk(settings)
    publish(desk, opened(desk), "first", "first")
    publish(desk, opened(desk), "second", "second")
    close_attempt(desk, opened(desk), "failed", "it broke")
    publish(desk, opened(desk, bank="berka"), "first", "first")
    publish(desk, opened(desk, 1), "next", "next")
    rows = exported(settings, "night")
    told = [(row["profile"], row["revision"], row["is_current"], row["status"], row["content_hash"]) for row in rows]
    assert told == [
        ("contract", 1, False, "published", "first"),
        ("contract", 2, True, "published", "second"),
        ("contract", None, None, "failed", None),
        ("berka", 1, True, "published", "first"),
    ]
    assert [row["revision"] for row in exported(settings, "night", profile="berka")] == [1]
    assert [row["profile"] for row in exported(settings, "night", revision=2)] == ["contract"]
    assert {row["backfill_from"] for row in rows} == {None}


def test_given_steps_then_each_has_its_line_in_the_order_of_a_night_beside_its_attempt(settings: Settings) -> None:
    desk = open_desk(settings)
    attempt = opened(desk)
    other = opened(desk, bank="berka")
    for item, name, part in ((attempt, "check", ""), (attempt, "extract", ""), (attempt, "extract", "mailbox")):
        tries = steps.begin(desk, item.attempt_id, name, part)
        steps.end(desk, item.attempt_id, name, part, tries, "done", seconds=Decimal("1.250"), row_count=3)
    steps.begin(desk, other.attempt_id, "extract")
    close_attempt(desk, attempt, "failed", "it broke")
    rows = exported(settings, "step")
    assert [(row["profile"], row["step"], row["part"], row["status"], row["attempt_status"]) for row in rows] == [
        ("contract", "extract", "", "done", "failed"),
        ("contract", "extract", "mailbox", "done", "failed"),
        ("contract", "check", "", "done", "failed"),
        ("berka", "extract", "", "running", "running"),
    ]
    assert [(row["seconds"], row["row_count"], row["revision"]) for row in rows] == [
        *[("1.250", 3, None)] * 3,
        (None, None, None),
    ]
    assert [row["profile"] for row in exported(settings, "step", profile="berka")] == ["berka"]


def test_given_a_date_without_a_publication_then_nothing_is_out_and_the_nights_that_are_published_are_named(
    settings: Settings,
) -> None:
    desk = open_desk(settings)
    empty = look(settings, D)
    assert (empty.revision, empty.is_mailing_day, empty.lists, empty.sent, empty.nights) == (None, False, 0, 0, None)
    assert [(gap.branch_id, gap.state, str(gap)) for gap in empty.missing] == [
        (None, "not_published", "the night is not published")
    ]
    assert empty.last_attempt == "no attempt"
    publish(desk, opened(desk, -1), "first", "first")
    held = opened(desk)
    close_attempt(desk, held, "held", "rows are missing")
    assert look(settings, D).last_attempt == "held: rows are missing"
    close_attempt(desk, opened(desk), "failed", "it broke")
    found = look(settings, D)
    assert found.last_attempt == "failed: it broke; before it, held: rows are missing"
    assert found.nights == (D - ONE_DAY, D - ONE_DAY, 1)
    with pytest.raises(DeadlineMissed, match=r"not out: the night is not published \(last attempt: failed: it broke"):
        require_lists_out(settings, D)
    assert str(Gap("B1", "not_sent")) == "the list of branch B1 is not sent"


@pytest.mark.parametrize(("length", "is_cut"), [(500, False), (501, True)])
def test_given_how_a_night_ended_then_its_summary_has_room_for_five_hundred_characters_of_it(
    settings: Settings, length: int, is_cut: bool
) -> None:
    desk = open_desk(settings)
    close_attempt(desk, opened(desk), "failed", ("x " * 300)[: length - len("failed: ") - 1] + "z")
    said = night_summary(settings, D).rpartition("\n\n")[2]
    assert said.endswith(" …") is is_cut
    assert len(said) <= 500


def test_given_a_backfill_then_its_line_names_its_first_and_last_date_and_none_where_there_was_none() -> None:
    said = backfill_summary(1, ["2026-03-30", "2026-03-31"])
    for part in ("2026-03-30", "2026-03-31"):
        assert said.count(part) == 2
    assert "2026" not in backfill_summary(0, [])
