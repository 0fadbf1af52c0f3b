"""A mail for each person of a branch, what nobody answered passed on, and whose clients a mail holds nothing of."""

import datetime
import email
import email.policy
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hand_bank import D, ten_clients, write_sqlite
from night_runs import CopySettings, MakeSettings

from nightdesk.desk.database import open_desk
from nightdesk.desk.outbox import list_rows
from nightdesk.desk.publication import current
from nightdesk.night.mailing import send_lists
from nightdesk.night.whole import run_night
from nightdesk.ranges.backfilling import plan
from nightdesk.reading.exporting import export
from nightdesk.reading.morning import look
from nightdesk.settings import Settings

ONE_DAY = datetime.timedelta(days=1)


def bank() -> dict[str, list[dict[str, Any]]]:
    """The ten clients below a head office, B1 by way of an office that has its risk. B1 has two managers and a head
    with addresses; B2's manager has none."""
    found = ten_clients()
    found["branch"].append({"branch_id": "HO", "name": "总行", "language": "zh_CN"})
    found["branch"].append({"branch_id": "OF", "name": "分行", "language": "zh_CN", "parent_branch_id": "HO"})
    for branch, above in zip(found["branch"][:2], ("OF", "HO"), strict=True):
        branch["parent_branch_id"] = above
    found["staff"] = [
        {"staff_id": "S1", "branch_id": "B1", "name": "张三", "role": "rm", "email": "s1@bank.example"},
        {"staff_id": "S3", "branch_id": "B1", "name": "李四", "role": "rm", "email": "s3@bank.example"},
        {"staff_id": "H1", "branch_id": "B1", "name": "王行长", "role": "branch_head", "email": "h1@bank.example"},
        {"staff_id": "S2", "branch_id": "B2", "name": "Li Si", "role": "rm", "email": None},
        {"staff_id": "R1", "branch_id": "OF", "name": "赵风", "role": "risk", "email": "r1@bank.example"},
        {"staff_id": "RH", "branch_id": "HO", "name": "钱总", "role": "risk", "email": None},
    ]
    for client in found["client"]:
        if client["client_id"] in ("C02", "C04", "C06"):
            client["rm_id"] = "S3"
    return found


@pytest.fixture(scope="module")
def mailed(fresh_settings: MakeSettings, tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, str]:
    settings, path = fresh_settings(), tmp_path_factory.mktemp("persons") / "bank.db"
    source = write_sqlite(bank(), path)
    run_night(settings, D, source=source, send=True)
    return settings, source


def rows_of(settings: Settings, table: str, day: datetime.date) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(str(export(settings, table, day, "json", None)))
    return found


def mails(settings: Settings) -> dict[str, list[email.message.EmailMessage]]:
    """What left, by recipient."""
    found: dict[str, list[email.message.EmailMessage]] = {}
    for path in sorted((settings.home / "mail").glob("*.eml")):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        found.setdefault(str(message["To"]), []).append(message)
    return found


def texts(message: email.message.EmailMessage) -> Iterator[str]:
    """Every text of a mail: headers, both bodies, and each part of its workbook."""
    yield str(message.items())
    for part in message.walk():
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes):
            continue
        if content.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                yield from (packed.read(name).decode("utf-8", "replace") for name in packed.namelist())
        else:
            yield content.decode("utf-8", "replace")


#: where a cell stands in a sheet: C10 is the tenth row of the third column there, and no client
_PLACE = re.compile(r' (?:r|ref|sqref|activeCell|topLeftCell)="[A-Z]+[0-9]+(?:[: ][A-Z]+[0-9]+)*"')


def names(said: str, client: str) -> bool:
    """Whether a text has a client's id: not within a colour of the workbook or a digest, and not a cell's place."""
    said = _PLACE.sub("", said)
    return re.search(rf"(?<![0-9A-Za-z#]){client}(?![0-9A-Za-z])", said) is not None


def owners(settings: Settings, day: datetime.date = D) -> dict[str, str]:
    return {str(row["client_id"]): str(row["owner_id"]) for row in rows_of(settings, "client_owner", day)}


def test_given_people_with_addresses_then_each_gets_one_mail_the_head_the_whole_and_the_shared_box_what_nobody_has(
    mailed: tuple[Settings, str],
) -> None:
    found = mails(mailed[0])
    assert {to: len(sent) for to, sent in found.items()} == {
        "s1@bank.example": 1,
        "s3@bank.example": 1,
        "h1@bank.example": 1,
        "b2@bank.example": 1,
    }, "all of B1 reaches somebody, B2's manager has no address"
    assert "晨间清单 · 张三" in "".join(texts(found["s1@bank.example"][0]))
    state = look(mailed[0], D)
    assert state.missing == []
    with open_desk(mailed[0]).connect() as connection:
        rows = list_rows(connection, business_date=D)
    assert {row.status for row in rows} == {"sent"}
    assert len({row.handle for row in rows}) == len(rows)


def test_given_each_persons_mail_then_it_holds_no_other_persons_client_in_any_part_and_the_heads_holds_all(
    mailed: tuple[Settings, str],
) -> None:
    found, of = mails(mailed[0]), owners(mailed[0])
    ours = {client: owner for client, owner in of.items() if owner in ("S1", "S3", "H1")}
    for person in ("S1", "S3"):
        said = "\n".join(texts(found[f"{person.lower()}@bank.example"][0]))
        assert any(names(said, client) for client, owner in ours.items() if owner == person), "the check can fail"
        for client, owner in of.items():
            if owner != person:
                assert not names(said, client), f"{person} reads of {client}"
                assert f"客户{client[1:]}" not in said
    whole = "\n".join(texts(found["h1@bank.example"][0]))
    listed = {str(row["client_id"]) for row in rows_of(mailed[0], "task", D) if row["branch_id"] == "B1"}
    assert all(names(whole, client) for client in listed)
    assert not any(names(whole, client) for client in of if client not in ours)


@pytest.mark.parametrize("is_run_again", [False, pytest.param(True, marks=pytest.mark.long)])
def test_given_mails_that_left_when_the_same_is_sent_again_then_nobody_gets_a_second_one(
    mailed: tuple[Settings, str], copy_of: CopySettings, is_run_again: bool
) -> None:
    settings = copy_of(mailed[0])
    before = {to: len(sent) for to, sent in mails(settings).items()}
    if is_run_again:
        run_night(settings, D, source=mailed[1], send=True)
    with open_desk(settings).connect() as connection:
        standing = current(connection, "contract", D)
    send_lists(settings, standing)
    assert {to: len(sent) for to, sent in mails(settings).items()} == before


@pytest.mark.long
def test_given_a_red_that_nobody_answers_then_risk_hears_after_two_working_days_and_who_has_no_address_is_told(
    mailed: tuple[Settings, str], copy_of: CopySettings, tmp_path: Path
) -> None:
    settings = copy_of(mailed[0])
    settings = settings.model_copy(update={"operators_email": "ops@bank.example"})
    asked = {
        str(row["task_key"])
        for row in rows_of(settings, "task", D)
        if row["branch_id"] == "B1" and row["unanswered_since"]
    }
    assert asked
    levels: dict[datetime.date, set[Any]] = {}
    # the list of D is of Wednesday, 1 April; Monday the 6th is a holiday, and Thursday the 9th the fifth working day
    for days in (1, 2, 8):
        day = D + days * ONE_DAY
        run_night(settings, day, source=mailed[1], send=True)
        levels[day] = {row["escalated_to"] for row in rows_of(settings, "task", day) if str(row["task_key"]) in asked}
        if days == 2:
            (mail,) = mails(settings)["r1@bank.example"]
            said = "\n".join(texts(mail))
            assert "自 2026-04-01 起未反馈" in said
            assert not any(names(said, client) for client in owners(settings) if client > "C06"), "B2's risk is another"
        assert plan(settings, day, day)[0].lists_sent == look(settings, day).sent == 2, "what was passed on is no list"
    assert list(levels.values()) == [{"branch_head"}, {"branch_risk"}, {"head_office"}]
    page = (settings.out / str(D + 8 * ONE_DAY) / "branch" / "B1" / "list.txt").read_text(encoding="utf-8")
    assert "应升级至总行风险，但无人登记邮箱" in page
    assert "已升级至总行风险" in page
    told = "".join(text for message in mails(settings)["ops@bank.example"] for text in texts(message))
    assert "B1 head_office" in told
    assert len(mails(settings)["h1@bank.example"]) == 4, "one a morning, with what was passed on in it"
