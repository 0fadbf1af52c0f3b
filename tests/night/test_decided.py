"""Decisions: taken at the desk against the newest published night, seen by nights that have their cut-off later."""

import csv
import datetime
import io
import json
import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pytest
from hand_bank import D, deciding_bank, write_sqlite
from night_runs import CopySettings, MakeSettings, show_night
from sqlalchemy import select

from nightdesk.desk import audit
from nightdesk.desk.database import open_desk
from nightdesk.desk.only_added import entry
from nightdesk.entering import decision
from nightdesk.entering.decision import Decided, Stood, decide
from nightdesk.entering.refusing import Wanted
from nightdesk.errors import Refused
from nightdesk.reading.exporting import export
from nightdesk.settings import Settings

ZONE = ZoneInfo("Asia/Shanghai")
ONE_DAY = datetime.timedelta(days=1)
#: between the nights of D and of the day after it
NOON = datetime.datetime(2026, 4, 1, 12, tzinfo=ZONE)
APPROVE = Wanted("override", "O1", "approve", "H1", note="as agreed")


@pytest.fixture(scope="module")
def published(deciding_night: tuple[Settings, str]) -> tuple[Settings, str]:
    return deciding_night


@pytest.fixture
def desk(published: tuple[Settings, str], copy_of: CopySettings) -> Settings:
    return copy_of(published[0])


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime.datetime]:
    """The instant at which everything is entered: the last one that was put into it."""
    at = [NOON]
    for module in (audit, decision):
        monkeypatch.setattr(module, "now", lambda: at[-1].astimezone(datetime.UTC))
    return at


def entered(settings: Settings) -> list[dict[str, str]]:
    with open_desk(settings).connect() as connection:
        return [json.loads(row) for row in connection.scalars(select(entry.c.row).order_by(entry.c.entry_id))]


def exported(settings: Settings, day: datetime.date) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(str(export(settings, "decision", day, "csv", None)))))


@dataclass(frozen=True)
class After:
    """The night after D: the override of C01 was approved and an episode put off at the desk, and the bank supplies
    three decisions of its own."""

    settings: Settings
    approved: Decided
    episode: dict[str, str]
    refused: str


@pytest.fixture(scope="module")
def after(published: tuple[Settings, str], copy_of: CopySettings, tmp_path_factory: pytest.TempPathFactory) -> After:
    desk, path = copy_of(published[0]), tmp_path_factory.mktemp("after") / "bank.db"
    with pytest.MonkeyPatch.context() as patch:
        for module in (audit, decision):
            patch.setattr(module, "now", lambda: NOON.astimezone(datetime.UTC))
        approved = decide(desk, APPROVE)
        episode = next(
            row
            for row in rows(desk, "episode", D)
            if row["branch_id"] == "B1"
            and row["hard"] == "false"
            and (row["client_id"], row["indicator"]) in cards(desk, D)
        )
        with pytest.raises(Refused) as refused:
            decide(desk, Wanted("episode", episode["episode_id"], "false_alarm", "S1"))
        decide(desk, Wanted("episode", episode["episode_id"], "snooze", "S1", until=D + 6 * ONE_DAY))
        taken = {"subject": "class", "subject_key": "L03", "verdict": "approve"}
        taken |= {"decided_at": f"{D + ONE_DAY} 09:00:00"}
        own = [
            {**taken, "decision_id": "1", "decided_by": "R1", "checker_id": "R3"},
            {**taken, "decision_id": "2", "decided_by": "R1", "checker_id": "R1"},
            {**taken, "decision_id": "3", "decided_by": "X9", "checker_id": "R1"},
        ]
        show_night(desk, D + ONE_DAY, write_sqlite({**deciding_bank(), "decision": own}, path), "lists")
    return After(desk, approved, episode, str(refused.value))


def rows(settings: Settings, table: str, day: datetime.date) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(str(export(settings, table, day, "csv", None)))))


def cards(settings: Settings, day: datetime.date) -> set[tuple[str, str]]:
    return {(row["client_id"], row["subject"]) for row in rows(settings, "task", day) if row["kind"] == "warning"}


def test_given_a_decision_when_the_next_night_runs_then_it_is_exported_there_and_in_the_trail(
    desk: Settings, after: After
) -> None:
    done = decide(desk, APPROVE)
    assert done.is_new
    assert [row["verdict"] for row in entered(desk)] == ["approve"]
    with open_desk(desk).connect() as connection:
        (row,) = audit.rows(connection, act="decided")
        audit.verify(connection)
    assert (row.who, row.subject, row.subject_key, row.at) == ("H1", "override", "O1", NOON)
    assert row.policy_version
    assert row.code_version
    assert json.loads(row.detail)["decision_id"] == done.decision_id
    assert exported(desk, D) == [], "the night of D had its cut-off before"
    assert exported(after.settings, D) == []
    (seen,) = [row for row in exported(after.settings, D + ONE_DAY) if row["subject"] == "override"]
    assert (seen["decision_id"], seen["subject_key"]) == (after.approved.decision_id, "O1")
    assert seen["decided_on"] == "2026-04-01"
    assert (seen["note"], seen["refused_because"]) == ("as agreed", "")


def test_given_the_same_decision_twice_a_day_then_it_is_taken_once_and_again_after_another_or_on_another_day(
    desk: Settings, clock: list[datetime.datetime]
) -> None:
    def at(hours: int, wanted: Wanted) -> Decided:
        clock.append(NOON + datetime.timedelta(hours=hours))
        return decide(desk, wanted)

    first = at(0, APPROVE)
    again = at(1, APPROVE)
    assert (again.is_new, again.decision_id, again.decided_at) == (False, first.decision_id, first.decided_at)
    assert len(entered(desk)) == 1
    reject = Wanted("override", "O1", "reject", "H1")
    assert at(2, reject).is_new
    assert at(3, APPROVE).is_new, "something else was decided in between"
    assert not at(11, APPROVE).is_new, "an hour before midnight"
    assert at(12, APPROVE).is_new, "another day"
    assert len({row["decision_id"] for row in entered(desk)}) == 4


def test_given_a_decision_that_says_otherwise_then_it_says_which_one_it_replaces_and_nothing_of_one_that_has_ended(
    desk: Settings, clock: list[datetime.datetime]
) -> None:
    first = decide(desk, APPROVE)
    assert first.replaces is None
    clock.append(NOON + datetime.timedelta(hours=1))
    second = decide(desk, Wanted("override", "O1", "reject", "R1"))
    assert second.replaces == Stood(first.decision_id, "approve", "H1", NOON)
    assert [row["verdict"] for row in entered(desk)] == ["approve", "reject"], "the one before stays on file"
    episode = next(iter(csv.DictReader(io.StringIO(str(export(desk, "episode", D, "csv", None))))))["episode_id"]
    put_off = decide(desk, Wanted("episode", episode, "snooze", "R1", until=D + 2 * ONE_DAY))
    clock.append(NOON + ONE_DAY)
    confirm = Wanted("episode", episode, "confirm", "R1")
    confirmed = decide(desk, confirm)
    assert confirmed.replaces is not None, "its last day"
    assert confirmed.replaces.decision_id == put_off.decision_id
    decide(desk, Wanted("episode", episode, "snooze", "R1", until=D + 3 * ONE_DAY))
    clock.append(NOON + 3 * ONE_DAY)
    assert decide(desk, confirm).replaces is None, "it ended by itself the day before"


@pytest.mark.parametrize(
    ("at", "night"),
    [
        ("2026-04-01 12:00:00", "2026-04-01"),
        ("2026-04-02 04:59:59", "2026-04-01"),
        ("2026-04-02 05:00:00", "2026-04-01"),
        ("2026-04-02 05:00:01", "2026-04-02"),
        # the night of D is published already, and sees nothing of what comes after
        ("2026-03-31 23:00:00", "2026-04-01"),
    ],
)
def test_given_a_decision_then_it_says_from_which_night_on_it_counts(
    desk: Settings, clock: list[datetime.datetime], at: str, night: str
) -> None:
    clock.append(datetime.datetime.fromisoformat(at).replace(tzinfo=ZONE))
    done, again = decide(desk, APPROVE), decide(desk, APPROVE)
    assert (str(done.counts_from), str(again.counts_from)) == (night, night)


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (Wanted("lunch", "O1", "approve", "H1"), "'lunch' is no subject. Choose one of: episode, watch,"),
        (Wanted("override", "O1", "bless", "H1"), "'bless' is no verdict. Choose one of: approve, close, r"),
        (Wanted("release", "2026-03-31", "approve", "R1"), "no published night shows a release.*`nightdesk release`"),
        (Wanted("proposal", "O1", "approve", "R1"), r"\(2026-03-31\) has no proposal with the key 'O1'"),
        (Wanted("override", "O9", "approve", "H1"), r"\(2026-03-31\) has no override with the key 'O9'"),
        (Wanted("override", "O1", "snooze", "H1"), "snooze is no verdict on override. Fitting are: approve, close, r"),
        (Wanted("override", "O1", "approve", "X9"), r"X9 is not in the staff register. Who may decide: H1 \(branch_h"),
        (Wanted("override", "O1", "approve", "R2"), r"R2 has left. Who may decide: H1 \(branch_head\), R1 .* R3 "),
        (Wanted("override", "O1", "approve", "S1"), "the role of S1 may not give approve on override. Who may dec"),
        (Wanted("class", "L03", "approve", "R1", "R1"), r"cannot be the second person as well. Who may check: R3 "),
        (Wanted("class", "L03", "approve", "R1"), r"takes a second person \(--checker\). Who may check: R3 \(risk\)\."),
        (Wanted("class", "L03", "approve", "R1", "H1"), "the role of H1 may not be the second person. Who may check"),
        (Wanted("override", "O1", "approve", "H1", "H1"), "takes no second person: leave out --checker"),
        (Wanted("class", "L03", "approve", "R1", "R3", D), "approve on class takes no end date. Leave out --until"),
        (Wanted("override", "O1", "approve", "H1", note="\ufffe\\x00"), "note.* is not of its type"),
    ],
)
def test_given_what_may_not_be_decided_then_it_is_refused_in_a_line_and_nothing_is_entered(
    desk: Settings, wanted: Wanted, said: str
) -> None:
    with pytest.raises(Refused, match=said) as refused:
        decide(desk, wanted)
    assert "nothing was decided" in str(refused.value) or "Nothing was entered" in str(refused.value)
    assert entered(desk) == []
    with open_desk(desk).connect() as connection:
        assert audit.rows(connection, act="decided") == []


def test_given_a_bank_without_a_published_night_then_there_is_nothing_to_decide_about(
    fresh_settings: MakeSettings,
) -> None:
    with pytest.raises(Refused, match="no night is published yet"):
        decide(fresh_settings(), APPROVE)


def test_given_decisions_that_the_bank_supplies_then_those_that_may_not_be_say_why(
    after: After,
) -> None:
    found = [row for row in exported(after.settings, D + ONE_DAY) if row["subject"] == "class"]
    assert [(row["decision_id"], row["refused_because"]) for row in found] == [
        ("1", ""),
        ("2", "checker_is_decider"),
    ], "who is in no register is quarantined"


def test_given_an_episode_that_was_put_off_then_the_next_list_asks_nothing_for_it_names_it_and_keeps_the_colour(
    after: After,
) -> None:
    desk, day, episode = after.settings, D + ONE_DAY, after.episode
    assert re.search(r"takes a second person .* Who may check: H1 .branch_head., R1", after.refused)
    (resting,) = [row for row in rows(desk, "episode", day) if row["episode_id"] == episode["episode_id"]]
    assert (resting["state"], resting["is_suppressed"], resting["snoozed_until"]) == ("snoozed", "true", "2026-04-06")
    key = (episode["client_id"], episode["indicator"])
    assert key in cards(desk, D)
    assert key not in cards(desk, day)
    text = (desk.out / str(day) / "branch" / "B1" / "list.txt").read_text(encoding="utf-8")
    assert "已延后，至 2026-04-06" in text
    other = (desk.out / str(day) / "branch" / "B2" / "list.txt").read_text(encoding="utf-8")
    assert "At rest" not in other
    colours = [
        {row["client_id"]: row["colour"] for row in rows(desk, "warning", on)}[episode["client_id"]] for on in (D, day)
    ]
    assert colours[0] == colours[1]
