"""A review as it is written in a file: its fields as cells, and every way in which it is none."""

from pathlib import Path

import pytest

from nightdesk.entering.review_file import read_review
from nightdesk.errors import Refused

WHOLE = """
verdict: conditional
judgement: " 整改到位前不宜新增提款 "
next_review_on: 2026-09-30
consultant_on:
conditions:
  - id: P-1
    condition: renew the permit
    due_on: 2026-06-30
    before_draw: yes
  - condition: publish the channel
    before_draw: no
    evidence_id: 7
"""


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "review.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_given_a_whole_file_then_its_fields_are_the_cells_and_what_is_left_empty_is_none(tmp_path: Path) -> None:
    found = read_review(written(tmp_path, WHOLE))
    assert found.review == {
        "verdict": "conditional",
        "judgement": "整改到位前不宜新增提款",
        "next_review_on": "2026-09-30",
    }
    assert found.conditions == {
        "P-1": {"condition": "renew the permit", "due_on": "2026-06-30", "is_before_draw": "true"},
        "2": {"condition": "publish the channel", "is_before_draw": "false", "evidence_id": "7"},
    }


def test_given_no_conditions_then_there_are_none_unless_the_verdict_is_conditional(tmp_path: Path) -> None:
    assert read_review(written(tmp_path, "verdict: pass\nconditions:\n")).conditions == {}
    with pytest.raises(Refused, match="verdict is conditional, and conditions names none"):
        read_review(written(tmp_path, "verdict: conditional\n"))


def conditions(count: int, text: str = "c") -> str:
    return "conditions:\n" + f"  - condition: {text}\n" * count


@pytest.mark.parametrize(
    ("good", "bad", "why"),
    [
        (conditions(50), conditions(51), "conditions is no list of at most 50"),
        (conditions(1, "c" * 500), conditions(1, "c" * 501), "condition of condition 1 is longer than 500 letters"),
        (f"judgement: {'j' * 4_000}\n", f"judgement: {'j' * 4_001}\n", "judgement is longer than 4000 letters"),
        (
            f"verdict: pass\n#{'x' * (256_000 - 15)}",
            f"verdict: pass\n#{'x' * (256_000 - 14)}",
            "larger than 256000 bytes",
        ),
        (
            f"conditions: [{{id: {'a' * 20}, condition: c}}]",
            f"conditions: [{{id: {'a' * 21}, condition: c}}]",
            "at most 20",
        ),
    ],
    ids=["conditions", "a condition", "the judgement", "the file", "an id"],
)
def test_given_as_much_as_there_may_be_then_it_is_taken_and_a_letter_more_is_not(
    tmp_path: Path, good: str, bad: str, why: str
) -> None:
    read_review(written(tmp_path, good))
    with pytest.raises(Refused, match=why):
        read_review(written(tmp_path, bad))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("- a\n- b\n", "the file is no list of fields"),
        ("1: a\n", "the file is no list of fields"),
        ("verdict: pass\nscore: 3\n", "there is no field score; fields: verdict, judgement"),
        ("conditions: many\n", "conditions is no list"),
        ("conditions: [a]\n", "condition 1 is no list of fields"),
        ("conditions: [{condition: c, by: S1}]\n", "there is no field by of condition 1"),
        ("conditions: [{condition: c}, {id: '', condition: c}]\n", "the id of condition 2 is not of at most 20"),
        ("conditions: [{condition: c}, {id: 1, condition: d}]\n", "condition 2 has the id of an earlier one"),
        ("conditions: [{due_on: 2026-06-30}]\n", "condition 1 says nothing"),
        ("conditions: [{condition: ' '}]\n", "condition 1 says nothing"),
        ("verdict: 1.5\n", "verdict is no text, date or yes/no"),
        ("next_review_on: 2026-09-30 10:00:00\n", "next_review_on is no text, date or yes/no"),
        ("verdict: [pass]\n", "verdict is no text, date or yes/no"),
        ("verdict: pass\nverdict: {\n", r"it is no YAML \(line 3\)"),
        (b"verdict: \xff\n", "it is not UTF-8 text"),
    ],
)
def test_given_what_is_no_review_then_the_field_is_named_and_nothing_was_entered(
    tmp_path: Path, text: str | bytes, why: str
) -> None:
    with pytest.raises(Refused, match=why):
        read_review(written(tmp_path, text))


def test_given_no_file_then_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="it cannot be read"):
        read_review(tmp_path / "gone.yaml")
