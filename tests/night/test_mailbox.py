"""The mailbox of answers at the start of a night: replies of staff count once, nothing in it can stop the night."""

import csv
import datetime
import io
import os
import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hand_bank import D
from imap_loopback import loopback_imap
from loopback import loopback_smtp
from night_runs import CopySettings, publish_night, show_night
from sqlalchemy import select
from typer.testing import CliRunner

from nightdesk.attempt.opening import open_night
from nightdesk.cli import app
from nightdesk.desk.database import open_desk
from nightdesk.desk.entries import known
from nightdesk.desk.outbox import RECEIPT, list_rows
from nightdesk.desk.publication import Publication
from nightdesk.desk.read_mails import read_mail, replies_owed
from nightdesk.errors import PolicyError
from nightdesk.inbox.incoming import LARGEST_MAIL, require_address
from nightdesk.night.answers import take_mailbox
from nightdesk.night.mailing import send_lists
from nightdesk.night.whole import run_night
from nightdesk.reading.exporting import export
from nightdesk.reading.morning import look
from nightdesk.settings import Settings

ZONE = ZoneInfo("Asia/Shanghai")
ONE_DAY = datetime.timedelta(days=1)
MAILS = Path(__file__).parents[1] / "inbox" / "mails"
CUT_OFF = datetime.datetime(2026, 4, 2, 5, tzinfo=ZONE)
#: receipts, by who replied
ONE_EACH = {"s1@bank.example": 1, "s2@bank.example": 1, "s9@bank.example": 1}
Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def published(mailing_night: tuple[Settings, str]) -> tuple[Settings, str]:
    return mailing_night


@pytest.fixture
def desk(published: tuple[Settings, str], copy_of: CopySettings) -> Settings:
    return copy_of(published[0])


def reading(settings: Settings, url: str, **more: str) -> Settings:
    """The same home, with a mailbox."""
    return settings.model_copy(update={"feedback_url": url, **more})


def rows(settings: Settings, table: str, day: datetime.date) -> Rows:
    return list(csv.DictReader(io.StringIO(str(export(settings, table, day, "csv", None)))))


def mail(sender: str, line: str, message_id: str, at: datetime.datetime, *files: tuple[str, bytes]) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Message-ID"] = sender, "nightdesk@bank.example", message_id
    message["Date"], message["Subject"] = at, "Re: list"
    message.set_content(line)
    for name, content in files:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def kinds(settings: Settings) -> dict[str, tuple[str, int, int]]:
    with open_desk(settings).connect() as connection:
        return {row.key: (row.kind, row.taken, row.refused) for row in connection.execute(select(read_mail))}


def soft(settings: Settings, branch: str) -> Rows:
    return [row for row in rows(settings, "task", D) if row["branch_id"] == branch and row["is_hard"] == "false"]


def test_given_a_folder_of_mails_when_the_next_night_begins_then_what_staff_replied_counts_once_and_only_that(
    desk: Settings, published: tuple[Settings, str], tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    mine, other = soft(desk, "B1"), soft(desk, "B2")
    early, late = CUT_OFF - datetime.timedelta(hours=9), CUT_OFF + datetime.timedelta(seconds=1)
    line = f"{mine[0]['card_code']} 已办 已上门\n> {mine[1]['card_code']} 已办"
    table = f"card_code,answer,note,by\n{mine[2]['card_code']},转办,交风险,H1\nA00000A,已办,,\n".encode()
    inbox = {
        "01.eml": mail("S1 <s1@bank.example>", line, "<1@bank>", early),
        "02.eml": mail("s1@bank.example", f"{mine[1]['card_code']} 已办", "<1@bank>", early),
        "03.eml": mail("s1@bank.example", "see attached", "<3@bank>", early, ("list.csv", table)),
        "04.eml": mail("thief@evil.example", f"{mine[3]['card_code']} 已办", "<4@bank>", early),
        "05.eml": mail("both@bank.example", f"{mine[3]['card_code']} 已办", "<5@bank>", early),
        "06.eml": mail("s1@bank.example", f"{other[0]['card_code']} 已办", "<6@bank>", early),
        "07.eml": mail("s1@bank.example", f"{mine[4]['card_code']} 已办", "<7@bank>", late),
        "08.eml": (MAILS / "out_of_office.eml").read_bytes(),
        # the shared mailbox of B1 got nothing: its people did
        "09.eml": (MAILS / "postfix_bounce.eml").read_bytes().replace(b"b1@bank", b"s1@bank"),
        "10.eml": b"\xff" * 100,
        "11.eml": b"x" * (LARGEST_MAIL + 1),
        "12.eml": mail("s1@bank.example", "thank you", "<12@bank>", early),
        "note.txt": b"not a mail",
    }
    for name, content in inbox.items():
        (folder / name).write_bytes(content)
        os.utime(folder / name, (early.timestamp(), early.timestamp()))
    settings = reading(desk, f"file://{folder}", operators_email="ops@bank.example")
    show_night(settings, D + ONE_DAY, published[1], "quality")

    assert kinds(desk) == {
        "01.eml": ("reply", 1, 0),
        "02.eml": ("again", 0, 0),
        "03.eml": ("reply", 1, 1),
        "04.eml": ("stranger", 0, 0),
        "05.eml": ("stranger", 0, 0),
        "06.eml": ("reply", 0, 1),
        "07.eml": ("reply", 1, 0),
        "08.eml": ("automatic", 0, 0),
        "09.eml": ("bounce", 0, 0),
        "10.eml": ("stranger", 0, 0),
        "11.eml": ("too_large", 0, 0),
        "12.eml": ("reply", 0, 0),
    }
    told = {row["task_key"]: row for row in rows(settings, "feedback", D + ONE_DAY)}
    assert {key: (row["status"], row["staff_id"]) for key, row in told.items()} == {
        mine[0]["task_key"]: ("done", "S1"),
        mine[2]["task_key"]: ("transferred", "S1"),
    }, "the sender answers, whoever the file names; what came after the cut-off is the next night's"
    assert told[mine[0]["task_key"]]["done_at"].startswith("2026-04-01T12:00:00"), "when the mail had come, in UTC"
    page = (settings.out / str(D + ONE_DAY) / "quality.html").read_text(encoding="utf-8")
    assert "B1 s***@bank.example" in page
    assert "S1 is of another branch than the card" in page
    assert re.search(r"S1 张三 \d+ \w+: S1 is of another branch", page), "whoever replied is named"
    (alert,) = list((settings.home / "mail").glob("operators*.eml"))
    assert b"ops@bank.example" in alert.read_bytes()

    publish_night(settings, D + 2 * ONE_DAY, published[1])
    assert len(kinds(desk)) == len(inbox) - 1, "each mail is read once"
    again = {row["task_key"]: row["status"] for row in rows(settings, "feedback", D + 2 * ONE_DAY)}
    assert again[mine[4]["task_key"]] == "done"
    assert set(again) == {mine[0]["task_key"], mine[2]["task_key"], mine[4]["task_key"]}


@pytest.mark.long
def test_given_a_mail_that_came_before_a_night_that_did_not_read_it_then_it_counts_for_the_next_one_only(
    desk: Settings, published: tuple[Settings, str], tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    settings = reading(desk, f"file://{folder}")
    run_night(settings, D + ONE_DAY, source=published[1])
    with open_desk(desk).connect() as connection:
        (failed,) = connection.execute(select(read_mail)).all()
    assert (failed.kind, failed.detail) == (
        "failed",
        "the folder of answers cannot be read (No such file or directory)",
    )
    (noted,) = [row for row in rows(settings, "step", D + ONE_DAY) if row["part"] == "mailbox"]
    assert (noted["row_count"], noted["status"], noted["message"]) == ("0", "done", failed.detail)
    folder.mkdir()
    code = soft(desk, "B1")[0]["card_code"]
    (folder / "1.eml").write_bytes(
        mail("s1@bank.example", f"{code} done", "<1@bank>", CUT_OFF - datetime.timedelta(days=1))
    )
    run_night(settings, D + ONE_DAY, source=published[1])
    (row,) = rows(settings, "feedback", D + ONE_DAY)
    assert row["status"] == "done", "run again, the night takes what had come by its own cut-off"
    (folder / "2.eml").write_bytes(
        mail("s1@bank.example", f"{soft(desk, 'B1')[1]['card_code']} done", "<2@bank>", CUT_OFF)
    )
    run_night(settings, D + 2 * ONE_DAY, source=published[1])
    told = rows(settings, "feedback", D + 2 * ONE_DAY)
    assert len(told) == 2
    assert max(row["done_at"] for row in told) == "2026-04-01T21:00:00.000001", "just after the cut-off that had passed"


def test_given_an_imap_server_when_nights_begin_then_each_of_its_mails_is_read_once_and_stays_as_it_was(
    desk: Settings, published: tuple[Settings, str]
) -> None:
    code = soft(desk, "B1")[0]["card_code"]
    at = CUT_OFF - datetime.timedelta(hours=9)
    with loopback_imap("nightdesk", "secret @/") as server:
        server.add(mail("s1@bank.example", f"{code} 已办", "<1@bank>", at), at)
        server.add(mail("x@evil.example", f"{code} 转办", "<2@bank>", at), at)
        settings = reading(desk, f"imap://nightdesk:secret%20%40%2F@127.0.0.1:{server.port}/INBOX")
        first = open_night(settings, D + ONE_DAY, source=published[1])
        take_mailbox(first)
        (answer,) = known(open_desk(desk), "contract", CUT_OFF)["task_feedback"]
        assert (answer.row["status"], answer.row["staff_id"]) == ("done", "S1")
        assert sorted(kind for kind, _, _ in kinds(desk).values()) == ["reply", "stranger"]
        take_mailbox(first)
        take_mailbox(open_night(settings, D + 2 * ONE_DAY, source=published[1]))
        assert len(kinds(desk)) == 2
        assert server.fetched == [1, 2], "nothing is fetched twice"
        assert server.changed == []


def test_given_a_mailbox_that_refuses_then_the_night_is_published_all_the_same(
    desk: Settings, published: tuple[Settings, str]
) -> None:
    with loopback_imap("nightdesk", "right") as server:
        settings = reading(desk, f"imap://nightdesk:wrong@127.0.0.1:{server.port}/INBOX")
        night = show_night(settings, D + ONE_DAY, published[1], "quality")
    assert night.publication.revision == 1
    with open_desk(desk).connect() as connection:
        (failed,) = connection.execute(select(read_mail)).all()
    assert failed.detail == "the mailbox at 127.0.0.1 cannot be read (error)"
    page = (settings.out / str(D + ONE_DAY) / "quality.html").read_text(encoding="utf-8")
    assert "邮箱无法读取" in page
    assert "wrong" not in page


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("imap://mail.bank.example/INBOX", "encrypted only"),
        ("pop3://mail.bank.example", "cannot be read by pop3"),
        ("imaps://", "cannot be read by imaps"),
        ("imaps://host:port/INBOX", "is not a number"),
        ("file://folder", "needs an absolute folder"),
    ],
)
def test_given_an_address_of_no_use_then_it_is_refused_without_asking_anybody(url: str, said: str) -> None:
    with pytest.raises(PolicyError, match=said):
        require_address(url)


@pytest.fixture(scope="module")
def replied(
    published: tuple[Settings, str], copy_of: CopySettings, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Settings, Publication, list[str]]:
    """The next night, not mailed, and what was answered before it: a good code, a wrong one, and one of another branch.
    S9, who answered too, has no list of their own."""
    copy, folder = copy_of(published[0]), tmp_path_factory.mktemp("in")
    mine, other = soft(copy, "B1"), soft(copy, "B2")
    early = CUT_OFF - datetime.timedelta(hours=9)
    good, wrong = mine[0]["card_code"], f"{mine[0]['card_code'][:-1]}{'A' if mine[0]['card_code'][-1] != 'A' else 'B'}"
    table = f"card_code,answer,note,by\n{good},已办,,\n{wrong},已办,,\n{other[0]['card_code']},已办,,\n".encode()
    for name, content in {
        "1.eml": mail("s1@bank.example", "see attached", "<1@bank>", early, ("list.csv", table)),
        "2.eml": mail("s1@bank.example", f"{mine[1]['card_code']} 已办", "<1@bank>", early),
        "3.eml": mail("thief@evil.example", f"{good} 已办", "<3@bank>", early),
        "4.eml": mail("s2@bank.example", "Thank you!", "<4@bank>", early),
        "5.eml": (MAILS / "out_of_office.eml").read_bytes(),
        "6.eml": mail("s9@bank.example", f"{mine[2]['card_code']} 已办", "<6@bank>", early),
    }.items():
        (folder / name).write_bytes(content)
    settings = reading(copy, f"file://{folder}")
    night = show_night(settings, D + ONE_DAY, published[1], "lists", "quality")
    return settings, night.publication, [good, wrong, other[0]["card_code"]]


@pytest.fixture
def thanked(
    replied: tuple[Settings, Publication, list[str]], copy_of: CopySettings
) -> tuple[Settings, Publication, list[str]]:
    """The same with its lists mailed."""
    settings = reading(copy_of(replied[0]), str(replied[0].feedback_url))
    send_lists(settings, replied[1])
    return settings, *replied[1:]


def test_given_replies_when_the_next_list_is_mailed_then_each_of_staff_has_one_receipt_and_a_stranger_none(
    thanked: tuple[Settings, Publication, list[str]],
) -> None:
    settings, publication, (good, wrong, others) = thanked
    told = receipts(settings)
    assert set(told) == set(ONE_EACH)
    (first,), (second,) = told["s1@bank.example"], told["s2@bank.example"]
    assert first["Subject"] == "反馈回执：采纳1行，未采纳2行"
    said = first.get_body(("plain",)).get_content()
    assert f"{good}：已采纳" in said
    assert f"{wrong}：卡片编号有误，请按清单抄录" in said
    assert f"{others}：卡片属于其他机构" in said
    assert "客户" not in said, "no client is named"
    assert "No card code was found" in second.get_body(("plain",)).get_content()
    steps = {(row["step"], row["part"]): row for row in rows(settings, "step", D + ONE_DAY)}
    assert (steps["extract", "mailbox"]["row_count"], steps["extract", "mailbox"]["status"]) == ("6", "done")
    assert "读取反馈邮箱" in (settings.out / str(D + ONE_DAY) / "quality.html").read_text(encoding="utf-8")

    send_lists(settings, publication)
    assert {to: len(mails) for to, mails in receipts(settings).items()} == ONE_EACH
    assert look(settings, D + ONE_DAY).missing == []


@pytest.mark.long
def test_given_receipts_that_have_left_when_the_list_after_is_mailed_then_nobody_gets_a_second_one(
    thanked: tuple[Settings, Publication, list[str]], published: tuple[Settings, str]
) -> None:
    settings = thanked[0]
    run_night(settings, D + 2 * ONE_DAY, source=published[1], send=True)
    assert {to: len(mails) for to, mails in receipts(settings).items()} == ONE_EACH


def test_given_a_mailbox_that_takes_no_receipt_then_the_lists_are_out_all_the_same(
    replied: tuple[Settings, Publication, list[str]], copy_of: CopySettings
) -> None:
    settings, publication = copy_of(replied[0]), replied[1]
    with loopback_smtp() as smtp:
        smtp.handler.gone = frozenset({"s9@bank.example"})
        mailed = settings.model_copy(update={"smtp_url": smtp.url})
        send_lists(mailed, publication)  # does not raise
    with open_desk(settings).connect() as connection:
        found = list_rows(connection, business_date=D + ONE_DAY)
    fates = {row.recipient: row.status for row in found if row.kind.startswith(RECEIPT)}
    assert fates == {**dict.fromkeys(ONE_EACH, "sent"), "s9@bank.example": "refused"}
    lists = [row for row in found if not row.kind.startswith(RECEIPT)]
    assert lists
    assert {row.status for row in lists} == {"sent"}
    send_lists(settings, publication)


def test_given_a_reply_before_a_long_holiday_then_its_receipt_is_owed_until_it_is_put_in(
    replied: tuple[Settings, Publication, list[str]], copy_of: CopySettings
) -> None:
    settings, publication = copy_of(replied[0]), replied[1]

    def owed(day: datetime.date) -> list[str]:
        with open_desk(settings).connect() as connection:
            return sorted(one.message_id for one in replies_owed(connection, "contract", day))

    after = D + 12 * ONE_DAY
    replies = ["<1@bank>", "<4@bank>", "<6@bank>"]
    assert [owed(D), owed(D + ONE_DAY), owed(after)] == [[], replies, replies]
    assert [look(settings, day).receipts_waiting for day in (D, D + ONE_DAY)] == [0, 3]
    send_lists(settings, publication)
    assert [owed(D + ONE_DAY), owed(after)] == [replies, []], "the night that put it in has it still"
    assert look(settings, D + ONE_DAY).receipts_waiting == 0


@pytest.mark.parametrize(
    ("language", "said"), [("zh_CN", "反馈回执 3 份尚未发出"), ("en", "3 receipts of replies have not left")]
)
def test_given_a_reply_and_a_night_that_mails_nobody_when_asked_for_its_status_then_the_receipt_is_said_to_wait(
    replied: tuple[Settings, Publication, list[str]], language: str, said: str
) -> None:
    where = {"NIGHTDESK_HOME": str(replied[0].home), "NIGHTDESK_DESK_URL": str(replied[0].desk_url), "COLUMNS": "400"}
    shown = CliRunner().invoke(app, ["status", "--date", str(D + ONE_DAY), "--lang", language], env=where)
    assert said in shown.output


def receipts(settings: Settings) -> dict[str, list[EmailMessage]]:
    """The receipts that left, by recipient."""
    found: dict[str, list[EmailMessage]] = {}
    for path in sorted((settings.home / "mail").glob("*receipt*.eml")):
        message = message_from_bytes(path.read_bytes(), policy=default)
        found.setdefault(str(message["To"]), []).append(message)
    return found
