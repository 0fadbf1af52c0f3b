"""A file of answers at its bounds: what is read of it, where its columns lie, and what is refused whole."""

import io
import zipfile
from collections.abc import Sequence

import pytest
from openpyxl import Workbook

from nightdesk.entering.answer_file import FORMULA, read_answers
from nightdesk.entering.answers import Answer
from nightdesk.errors import Refused

HEAD = "card_code,answer,note,by\n"


def book(*sheets: Sequence[Sequence[object]]) -> bytes:
    """A workbook of these sheets."""
    made, packed = Workbook(), io.BytesIO()
    made.remove(made.active)  # type: ignore[arg-type]
    for rows in sheets:
        sheet = made.create_sheet()
        for row in rows:
            sheet.append(list(row))
    made.save(packed)
    return packed.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_given_a_csv_then_its_head_says_what_divides_its_cells(delimiter: str, end: str) -> None:
    lines = ["card_code,answer,note", "K40281C,done,a:b"]
    text = end.join(line.replace(",", delimiter) for line in lines)
    others = {",", ";", "\t"} - {delimiter}
    text += end + delimiter.join(("A00000A", "done", "".join(sorted(others)) * 3 if delimiter != "," else "x")) + end
    first, second = read_answers(text.encode())
    assert (first.code, first.words, first.note) == ("K40281C", "done", "a:b")
    assert (second.number, second.words) == (3, "done")


@pytest.mark.parametrize("more", [0, 1])
def test_given_so_many_rows_then_five_thousand_are_taken_and_more_are_refused_whole(more: int) -> None:
    content = (HEAD + "K40281C,done,,\n" * (5_000 + more)).encode()
    if more:
        with pytest.raises(Refused, match="more than 5000 rows"):
            read_answers(content)
    else:
        assert [answer.number for answer in read_answers(content)] == list(range(2, 5_002))


@pytest.mark.parametrize("more", [0, 1])
def test_given_a_workbook_of_so_many_rows_then_it_is_the_same(more: int) -> None:
    content = book([("card_code", "answer"), *[("K40281C", "done")] * (5_000 + more)])
    if more:
        with pytest.raises(Refused, match="more than 5000 rows"):
            read_answers(content)
    else:
        assert len(read_answers(content)) == 5_000


@pytest.mark.parametrize("more", [0, 1])
def test_given_a_file_of_ten_megabytes_then_it_is_read_and_a_byte_more_is_not(more: int) -> None:
    content = (HEAD + "K40281C,done,,\n").encode()
    content += b"," * (10_000_000 - len(content) + more)
    if more:
        with pytest.raises(Refused, match="larger than 10 MB"):
            read_answers(content)
    else:
        assert read_answers(content) == [Answer(2, "K40281C", "done", "", "")]


@pytest.mark.parametrize(("parts", "is_taken"), [(300, True), (301, False)])
def test_given_a_workbook_of_many_parts_then_it_is_refused_before_anything_is_unpacked(
    parts: int, is_taken: bool
) -> None:
    packed = io.BytesIO(book([("card_code", "answer"), ("K40281C", "done")]))
    with zipfile.ZipFile(packed, "a") as opened:
        for number in range(parts - len(opened.infolist())):
            opened.writestr(f"other/{number}", b"x")
    if is_taken:
        assert len(read_answers(packed.getvalue())) == 1
    else:
        with pytest.raises(Refused, match="unpacked it is larger than any list"):
            read_answers(packed.getvalue())


@pytest.mark.parametrize(("more", "is_taken"), [(0, True), (1, False)])
def test_given_a_small_file_that_unpacks_to_a_hundred_megabytes_then_no_more_is_unpacked(
    more: int, is_taken: bool
) -> None:
    packed = io.BytesIO(book([("card_code", "answer"), ("K40281C", "done")]))
    with zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as opened:
        there = sum(part.file_size for part in opened.infolist())
        opened.writestr("other", b"\0" * (100_000_000 - there + more))
    assert len(packed.getvalue()) < 1_000_000
    if is_taken:
        assert len(read_answers(packed.getvalue())) == 1
    else:
        with pytest.raises(Refused, match="unpacked it is larger than any list"):
            read_answers(packed.getvalue())


def test_given_a_long_cell_and_many_columns_then_two_thousand_letters_of_a_hundred_columns_are_read() -> None:
    head = ["x"] * 98 + ["card_code", "answer", "note"]
    row = [""] * 98 + ["K40281C", "d" * 2_001, "seen by nobody"]
    expected = [Answer(2, "K40281C", "d" * 2_000)]
    assert read_answers("\n".join(map(",".join, (head, row))).encode()) == expected
    assert read_answers(book([head, row])) == expected


def test_given_sheets_then_the_first_that_has_the_columns_is_the_list() -> None:
    notes, rows = [("item", "value"), ("K40281C", "done")], [("card_code", "feedback"), ("K40281C", "done")]
    assert [answer.words for answer in read_answers(book(notes, rows))] == ["done"]
    assert [answer.words for answer in read_answers(book([], rows))] == ["done"]
    with pytest.raises(Refused, match="no sheet of it has columns"):
        read_answers(book(notes, [("card_code", "note")], [("answer",)]))


def test_given_a_lists_own_heading_and_a_word_of_peoples_own_then_the_lists_own_counts() -> None:
    content = "反馈,Card_Code,ANSWER,备注,反馈备注\nnot this,K40281C,done,nor this,note\n".encode()
    assert read_answers(content) == [Answer(2, "K40281C", "done", "note")]


def test_given_short_rows_blanks_and_codes_with_blanks_then_what_is_said_is_read() -> None:
    content = f"{HEAD} k 40281-c\u3000 , done ,\nA00000A\nA00000A,,, S1\nA00000A,,only a note\n".encode()
    assert read_answers(content) == [Answer(2, "K40281C", "done"), Answer(5, "A00000A", "", "only a note")]


def test_given_formulas_numbers_and_nothing_in_cells_then_none_is_worked_out() -> None:
    (answer,) = read_answers(book([("card_code", "answer", "note", "by"), (None, "=1+1", 12, None)]))
    assert (answer.code, answer.words, answer.note, answer.by) == ("", FORMULA, "12", "")


@pytest.mark.parametrize("content", [b"PK\x03\x04 no zip", b"PK", b"name,answer\na,b\n", b""])
def test_given_what_is_no_list_then_it_is_refused_and_nothing_was_entered(content: bytes) -> None:
    with pytest.raises(Refused) as failed:
        read_answers(content)
    assert failed.value.remedy.endswith(" Nothing was entered.")
