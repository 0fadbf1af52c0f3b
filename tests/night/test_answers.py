"""Answers to cards: from the workbook as it was mailed, seen by the next night, each bad row told in a line."""

import csv
import datetime
import io
import json
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hand_bank import D
from night_runs import CopySettings, publish_night, show_night
from openpyxl import load_workbook
from sqlalchemy import select

from nightdesk.card_code import is_code
from nightdesk.cli.feedback import say_taken
from nightdesk.cli.options import Lang
from nightdesk.desk import audit
from nightdesk.desk.database import open_desk
from nightdesk.desk.only_added import entry
from nightdesk.entering import answering, decision
from nightdesk.entering.answer_file import MOST_ROWS, file_source, read_answers
from nightdesk.entering.answering import take_answers
from nightdesk.entering.answers import Answer, Taken
from nightdesk.errors import Refused
from nightdesk.reading.exporting import export
from nightdesk.settings import Settings

ZONE = ZoneInfo("Asia/Shanghai")
ONE_DAY = datetime.timedelta(days=1)
NOON = datetime.datetime(2026, 4, 1, 12, tzinfo=ZONE)
Rows = list[dict[str, str]]


@pytest.fixture
def published(deciding_night: tuple[Settings, str]) -> tuple[Settings, str]:
    return deciding_night


@pytest.fixture
def desk(published: tuple[Settings, str], copy_of: CopySettings) -> Settings:
    return copy_of(published[0])


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime.datetime]:
    """The instant at which everything is entered: the last one that was put into it."""
    at = [NOON]
    for module in (audit, decision, answering):
        monkeypatch.setattr(module, "now", lambda: at[-1].astimezone(datetime.UTC))
    return at


def rows(settings: Settings, table: str, day: datetime.date = D) -> Rows:
    return list(csv.DictReader(io.StringIO(str(export(settings, table, day, "csv", None)))))


def task(settings: Settings, branch: str, kind: str = "warning", **more: str) -> dict[str, str]:
    """The first task of a branch and kind with these cells."""
    return next(
        row
        for row in rows(settings, "task")
        if (row["branch_id"], row["kind"]) == (branch, kind) and all(row[name] == said for name, said in more.items())
    )


def entered(settings: Settings, table: str) -> list[dict[str, str]]:
    with open_desk(settings).connect() as connection:
        query = select(entry.c.row).where(entry.c.table_name == table).order_by(entry.c.entry_id)
        return [json.loads(row) for row in connection.scalars(query)]


def answer(settings: Settings, *given: Answer, source: str = "test") -> list[Taken]:
    return take_answers(settings, given, source=source)


Filled = Callable[[dict[str, tuple[str, str]]], bytes]


@pytest.fixture
def filled(desk: Settings) -> Filled:
    """The workbook of B1 as it was made, with answers and notes by card code, as a person saves it."""

    def fill(answers: dict[str, tuple[str, str]]) -> bytes:
        book = load_workbook(desk.out / str(D) / "branch" / "B1" / "list.xlsx")
        sheet = book.worksheets[0]
        place = {str(cell.value): cell.column for cell in sheet[1]}
        for number in range(2, sheet.max_row + 1):
            code = sheet.cell(number, place["卡片编号"]).value
            if code in answers:
                sheet.cell(number, place["办理反馈"], answers[code][0])
                sheet.cell(number, place["反馈备注"], answers[code][1])
        saved = io.BytesIO()
        book.save(saved)
        return saved.getvalue()

    return fill


def test_given_a_night_then_each_card_of_a_branch_has_a_code_of_its_own_in_list_page_and_workbook(
    desk: Settings, filled: Filled
) -> None:
    tasks = rows(desk, "task")
    codes = {(row["branch_id"], row["card_code"]) for row in tasks}
    assert len(codes) == len(tasks)
    assert all(is_code(code) for _, code in codes)
    folder = desk.out / str(D) / "branch" / "B1"
    listed = [row["card_code"] for row in tasks if row["branch_id"] == "B1" and row["kind"] == "warning"]
    for name in ("list.txt", "list.html"):
        page = (folder / name).read_text(encoding="utf-8")
        assert any(f"#{code}" in page for code in listed)
    book = load_workbook(folder / "list.xlsx").worksheets[0]
    (offer,) = book.data_validations.dataValidation
    assert offer.formula1 == '"已办,误报,转办,稍后"'
    assert {row["card_code"] for row in tasks if row["branch_id"] == "B1"} <= {cell.value for cell in book["C"]}


def test_given_the_mailed_workbook_filled_in_when_it_is_imported_then_the_next_night_shows_what_was_answered(
    desk: Settings, published: tuple[Settings, str], filled: Filled
) -> None:
    soft = [row for row in rows(desk, "task") if row["branch_id"] == "B1" and row["is_hard"] == "false"]
    warned = [row for row in soft if row["kind"] == "warning"]
    others = [row for row in soft if row["kind"] != "warning"]
    done, later, wrong, worked_out = warned[0], warned[1], others[0], others[1]
    content = filled(
        {
            done["card_code"]: ("已办", "已上门"),
            later["card_code"]: ("稍后", "等 2026-04-05 回款"),
            wrong["card_code"]: ("误报", "数据有误"),
            worked_out["card_code"]: ("已办", "=1+1"),
        }
    )
    given = [one.said_by("S1") for one in read_answers(content)]
    taken = answer(desk, *given, source=file_source(content))
    states = {one.code: one.state for one in taken}
    assert {one.said for one in taken if one.code == worked_out["card_code"]} == {
        "the note is a formula. Type it as text"
    }
    assert states == {
        done["card_code"]: "taken",
        later["card_code"]: "taken",
        wrong["card_code"]: "proposed",
        worked_out["card_code"]: "refused",
    }
    again = answer(desk, *given, source=file_source(content))
    assert {one.state for one in again if one.code != worked_out["card_code"]} == {"known"}
    assert len(entered(desk, "task_feedback")) == 3
    (put_off,) = entered(desk, "decision")
    assert (put_off["verdict"], put_off["until"], put_off["decided_by"]) == ("snooze", "2026-04-05", "S1")

    show_night(desk, D + ONE_DAY, published[1], "lists")
    after = {row["task_key"]: row for row in rows(desk, "task", D + ONE_DAY)}
    assert after[done["task_key"]]["status"] == "done"
    assert (after[done["task_key"]]["feedback_by"], after[done["task_key"]]["feedback_note"]) == ("S1", "已上门")
    assert after[done["task_key"]]["card_code"] == done["card_code"]
    assert later["task_key"] not in after, "its episode rests"
    proposed = after[wrong["task_key"]]
    assert (proposed["status"], proposed["is_false_alarm_proposed"]) == ("acknowledged", "true")
    told = {row["task_key"]: row for row in rows(desk, "feedback", D + ONE_DAY)}
    assert set(told) == {one["task_key"] for one in (done, later, wrong)}
    assert (told[later["task_key"]]["is_listed"], told[later["task_key"]]["branch_id"]) == ("false", "B1")
    page = (desk.out / str(D + ONE_DAY) / "branch" / "B1" / "list.txt").read_text(encoding="utf-8")
    assert "误报待复核" in page
    with open_desk(desk).connect() as connection:
        audit.verify(connection)
        assert len(audit.rows(connection, act="answered")) == 3


def test_given_false_alarms_when_a_second_person_says_so_of_one_then_that_one_rests_and_the_other_counts_for_nothing(
    desk: Settings, published: tuple[Settings, str]
) -> None:
    soft = [row for row in rows(desk, "task") if (row["branch_id"], row["kind"]) == ("B1", "warning")]
    card, alone = [row for row in soft if row["is_hard"] == "false"][:2]
    given = Answer(1, card["card_code"], "误报", "季节性", "S1")
    assert answer(desk, given)[0].state == "proposed"
    (waiting,) = entered(desk, "decision")
    assert "checker_id" not in waiting
    assert answer(desk, given, source="again")[0].state == "known"
    (refused,) = answer(desk, Answer(1, card["card_code"], "false alarm", "", "S2"))
    assert refused.state == "refused"
    assert answer(desk, Answer(1, card["card_code"], "False Alarm", "", "H1"))[0].state == "confirmed"
    first, second = entered(desk, "decision")
    assert second["decision_id"] == first["decision_id"]
    assert (second["decided_by"], second["checker_id"]) == ("S1", "H1")
    assert answer(desk, given, source="third")[0].state == "known"
    assert answer(desk, Answer(1, alone["card_code"], "误报", "", "S1"))[0].state == "proposed"
    publish_night(desk, D + ONE_DAY, published[1])
    seen = {row["refused_because"]: row["subject_key"] for row in rows(desk, "decision", D + ONE_DAY)}
    (resting,) = [row for row in rows(desk, "episode", D + ONE_DAY) if row["state"] == "false_alarm"]
    assert resting["client_id"] == card["client_id"]
    assert seen.keys() == {"", "checker_missing"}
    assert seen[""] == resting["episode_id"] != seen["checker_missing"]
    after = {row["task_key"]: row for row in rows(desk, "task", D + ONE_DAY)}
    assert card["task_key"] not in after
    still = after[alone["task_key"]]
    assert (still["status"], still["is_false_alarm_proposed"]) == ("acknowledged", "true")


@pytest.mark.parametrize(
    ("language", "said", "away"),
    [(Lang.zh_CN, "S3 代 S1 答复", "S3 正在休假"), (Lang.en, "answered for S1 by S3", "S3 is on leave")],
)
def test_given_a_colleagues_card_when_it_is_answered_on_leave_then_it_is_taken_and_said_for_whom_and_that_he_is_away(
    desk: Settings, capsys: pytest.CaptureFixture[str], language: Lang, said: str, away: str
) -> None:
    card = task(desk, "B1", is_hard="false", owner_id="S1")
    own = answer(desk, Answer(1, card["card_code"], "已办", "", "S1"))
    head = answer(desk, Answer(1, card["card_code"], "已办", "电话", "H1"))
    colleague = answer(desk, Answer(1, card["card_code"], "已办", "上门", "S3"))
    assert [(one.state, one.answered_for, one.is_away) for one in (*own, *head, *colleague)] == [
        ("taken", "", False),
        ("taken", "", False),
        ("taken", "S1", True),
    ], "and S3 is on leave"
    with open_desk(desk).connect() as connection:
        details = [json.loads(row.detail) for row in audit.rows(connection, act="answered")]
    told = [(detail.get("answered_for"), detail.get("is_away")) for detail in details]
    assert sorted(told, key=str) == [("S1", "true"), (None, None), (None, None)]
    say_taken([*own, *head, *colleague], language, as_json=False)
    printed = capsys.readouterr().out
    assert said in printed
    assert away in printed
    assert printed.count(card["card_code"]) == 2, "of their own card, and of the head, nothing is said"


def test_given_bad_rows_among_good_ones_then_each_is_told_in_a_line_and_the_good_ones_are_taken(desk: Settings) -> None:
    mine = [row for row in rows(desk, "task") if row["branch_id"] == "B1" and row["is_hard"] == "false"]
    hard = task(desk, "B1", is_hard="true")
    other = next(row for row in rows(desk, "task") if row["branch_id"] == "B2")
    code = mine[0]["card_code"]
    typo = f"{code[:5]}{(int(code[5]) + 1) % 10}{code[6]}"
    given = [
        Answer(2, code, "已办", "", "S1"),
        Answer(3, typo, "已办", "", "S1"),
        Answer(4, "", "已办", "", "S1"),
        Answer(5, code, "<script>", "", "S1"),
        Answer(6, mine[1]["card_code"], "已办", "", ""),
        Answer(7, mine[1]["card_code"], "已办", "", "X9"),
        Answer(8, mine[3]["card_code"], "已办", "", "OLD"),
        Answer(9, mine[4]["card_code"], "已办", "", "DA"),
        Answer(10, other["card_code"], "已办", "", "S1"),
        Answer(11, hard["card_code"], "稍后", "", "H1"),
        Answer(12, code, "转办", "", "S1"),
        Answer(13, mine[2]["card_code"], "已办", "x" * 501, "S1"),
        Answer(14, mine[2]["card_code"], "已办", "a\x01b", "S1"),
        Answer(15, mine[2]["card_code"], "已办", "", "S1", task_key=mine[3]["task_key"]),
        Answer(16, "A00000A", "已办", "", "S1"),
    ]
    found = {one.number: one for one in answer(desk, *given)}
    said = {number: one.said for number, one in found.items() if one.state == "refused"}
    assert found[2].state == "taken"
    assert set(said) == set(range(3, 17))
    assert "its check letter does not fit" in said[3]
    assert "the card code is missing" in said[4]
    assert said[5].startswith("the answer is none of the list. Choose one of: 已办, 误报, 转办, 稍后, Done")
    assert "Say --by WHO" in said[6]
    assert said[7].startswith("who answers is not in the staff register. Who may answer: H1 (branch_head), S1 (rm), S3")
    assert said[8].startswith("OLD has left. Who may answer: H1")
    assert said[9].startswith("the role of DA answers no cards. Who may")
    assert said[10].startswith("S1 is of another branch than the card. Who may answer: H2 (branch_head), R1")
    assert "a hard warning cannot be put off" in said[11]
    assert "answered twice and differently" in said[12]
    assert "longer than 500" in said[13]
    assert "note" in said[14]
    assert "of two rows" in said[15]
    assert "no list of the last 14 nights has this card" in said[16]
    assert not any("script" in line or "X9" in line for line in said.values()), "no cell is repeated"
    assert len(entered(desk, "task_feedback")) == 1


def test_given_a_csv_in_either_language_and_encoding_then_it_is_read_as_the_workbook_is() -> None:
    text = "卡片编号,反馈,反馈备注,反馈人\nk 40281-c,已办,见面,S1\n,,,\nA00000A,,只有备注,S1\n"
    expected = [
        Answer(2, "K40281C", "已办", "见面", "S1"),
        Answer(4, "A00000A", "", "只有备注", "S1"),
    ]
    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        assert read_answers(text.encode(encoding)) == expected
    english = b"Card code;Feedback;Note\nK40281C;Done;met\n"
    assert read_answers(english) == [Answer(2, "K40281C", "Done", "met")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"x" * 10_000_001, "larger than 10 MB"),
        (b"PK\x03\x04 not a zip", "no workbook that can be read"),
        (b"name,answer\na,b\n", "no sheet of it has columns"),
        (b"", "no sheet of it has columns"),
        (b"card_code,answer\n" + b"K40281C,done\n" * (MOST_ROWS + 1), f"more than {MOST_ROWS} rows"),
    ],
    ids=["too large", "no zip", "no columns", "empty", "too long"],
)
def test_given_a_file_that_is_none_then_it_is_refused_whole(content: bytes, said: str) -> None:
    with pytest.raises(Refused, match=said):
        read_answers(content)


def test_given_a_formula_for_an_answer_then_it_is_not_worked_out(
    filled: Filled, desk: Settings, tmp_path: Path
) -> None:
    code = task(desk, "B1")["card_code"]
    content = filled({code: ('=HYPERLINK("http://x.example","已办")', "")})
    (given,) = read_answers(content)
    (found,) = answer(desk, given.said_by("S1"))
    assert found.state == "refused"
    assert found.said.startswith("the answer is none of the list")
