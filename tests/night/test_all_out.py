"""Whether the lists of some branches are all out: asked of the outbox, and of what it could not take."""

import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, insert

from nightdesk.desk.database import open_desk
from nightdesk.desk.publication import Publication
from nightdesk.desk.tables import outbox
from nightdesk.errors import MailError
from nightdesk.night.letters import require_letters_out, waiting_letters
from nightdesk.night.mailing import Delivery, _require_all_out, _tell_unreached
from nightdesk.settings import Settings

D = datetime.date(2026, 3, 31)
NIGHT = Publication("contract", D, 1, "a1", datetime.datetime(2026, 4, 1, tzinfo=datetime.UTC), "content")


@pytest.fixture
def desk(desk_database: str, tmp_path: Path) -> Engine:
    return open_desk(Settings(home=tmp_path, desk_url=desk_database))


def put(desk: Engine, branch: str, status: str, **cells: Any) -> str:
    message_id = f"<{branch}.{status}@localhost>"
    with desk.begin() as connection:
        connection.execute(
            insert(outbox).values(
                message_id=message_id,
                profile="contract",
                business_date=D,
                branch_id=branch,
                revision=1,
                recipient=f"{branch}@bank.example",
                language="zh_CN",
                subject="subject",
                is_restated=False,
                is_backfill=False,
                status=status,
                attempts=1,
                **{"kind": "branch_list", "detail": "450 no", **cells},
            )
        )
    return message_id


def lacking(desk: Engine, branches: list[str] | None, done: list[Delivery]) -> MailError:
    with pytest.raises(MailError) as said:
        _require_all_out(desk, NIGHT, branches, done)
    return said.value


def test_given_lists_that_left_or_were_dropped_then_all_is_out(desk: Engine) -> None:
    put(desk, "B1", "sent")
    put(desk, "B2", "dropped")
    _require_all_out(desk, NIGHT, None, [])


def test_given_a_branch_that_lacks_its_list_then_only_who_asks_for_it_is_told(desk: Engine) -> None:
    put(desk, "B1", "refused")
    _require_all_out(desk, NIGHT, ["B2"], [])
    for branches in (None, ["B1"], ["B1", "B2"]):
        assert "(1 refused): branch B1 is refused (450 no)" in lacking(desk, branches, []).what
    _require_all_out(desk, NIGHT, [], [])


@pytest.mark.parametrize(
    ("status", "is_final", "remedy"),
    [
        ("pending", False, "Pending: run"),
        ("sending", False, "Uncertain: ask the branch"),
        ("uncertain", True, "Uncertain: ask the branch"),
        ("refused", True, "Refused: correct the address"),
    ],
)
def test_given_what_is_open_then_another_try_may_help_only_where_something_waits(
    desk: Engine, status: str, is_final: bool, remedy: str
) -> None:
    put(desk, "B1", status, detail="")
    error = lacking(desk, None, [])
    assert error.is_final is is_final
    assert f"branch B1 is {status} (not tried)" in error.what
    assert [word for word in ("Pending", "Uncertain", "Refused") if f"{word}: " in error.remedy] == [
        remedy.partition(":")[0]
    ]
    assert remedy in error.remedy


def test_given_a_list_that_the_outbox_could_not_take_then_it_lacks_once_and_a_receipt_does_not(desk: Engine) -> None:
    known = put(desk, "B1", "refused")
    done = [
        Delivery("B1", known, "refused", "450 no"),
        Delivery("B2", "", "refused", "its list could not be rendered"),
        Delivery("B3", "<b3>", "sent", ""),
        Delivery("B4", "", "refused", "no", kind="receipt:x"),
    ]
    said = lacking(desk, None, done).what
    assert "(2 refused)" in said
    assert "branch B2 is refused (its list could not be rendered)" in said
    assert "B4" not in said


def test_given_nobody_that_cannot_be_reached_then_no_operator_is_told(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, operators_email="ops@bank.example")
    _tell_unreached(settings, NIGHT, {})
    assert not list(tmp_path.rglob("*.eml"))
    _tell_unreached(settings, NIGHT, {"B2": {"risk": 1, "branch_head": 2}})
    assert len(list(tmp_path.rglob("*.eml"))) == 1


def test_given_letters_then_those_that_wait_are_of_the_messages_and_branches_that_are_asked_for(desk: Engine) -> None:
    one, two = put(desk, "B1", "pending", kind="weekly:S1"), put(desk, "B2", "pending", kind="digest:S2")
    put(desk, "B3", "pending")  # a list
    put(desk, "B4", "sent", kind="weekly:S4")
    with desk.connect() as connection:

        def waiting(messages: list[str] | None, branches: list[str] | None) -> list[str]:
            return [row.message_id for row in waiting_letters(connection, NIGHT, messages, branches)]

        assert waiting(None, None) == [one, two]
        assert waiting([two], None) == [two]
        assert waiting(None, ["B1", "B3"]) == [one]
        assert waiting([one], ["B2"]) == []


def test_given_letters_that_are_open_then_it_is_said_of_those_kinds_alone(desk: Engine, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, desk_url=desk.url.render_as_string(hide_password=False))
    put(desk, "B1", "refused")  # a list
    put(desk, "B2", "sent", kind="weekly:S1")
    require_letters_out(settings, NIGHT)
    put(desk, "B3", "refused", kind="digest:S2")
    require_letters_out(settings, NIGHT, kinds=("weekly:",))
    require_letters_out(settings, NIGHT, branches=["B2"])
    with pytest.raises(MailError, match=r"not all out \(1\): .*B3.* is refused"):
        require_letters_out(settings, NIGHT)
