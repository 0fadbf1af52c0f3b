"""What one night's colours come to beside the truth: who counts, by what, and how several banks are put together."""

import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from nightdesk_lab.pyramid.counting import LOOK_ALIKE, NOTHING, TROUBLE, Counted, Pyramid, Told, counted, read_told

DAY = datetime.date(2026, 3, 31)
TRUTH = """client_id,story,event,event_date,first_visible_on,groups,is_look_alike
A,lost_payer,none,,2026-01-01,T,false
B,fully_drawn,none,,2026-03-31,T,true
C,late_wages,none,,2026-04-01,T,false
D,season,none,,2024-01-01,T,true
"""


@pytest.fixture
def told(tmp_path: Path) -> Told:
    file = tmp_path / "truth.csv"
    file.write_text(TRUTH, encoding="utf-8")
    return read_told(file, DAY)


def warning(client_id: str, colour: str) -> dict[str, str]:
    return {"client_id": client_id, "colour": colour}


def night(told: Told, colours: dict[str, str], seed: int = 1, written_off: tuple[str, ...] = ()) -> Counted:
    return counted(
        seed,
        [warning(client, colour) for client, colour in colours.items()],
        [{"client_id": "A", "rule": "hard", "subject": "P01"}, {"client_id": "Z", "rule": "reds", "subject": None}],
        [
            {"client_id": "A", "indicator": "P01", "severity": "red"},
            {"client_id": "A", "indicator": "T02", "severity": "blue"},
            {"client_id": "Z", "indicator": "P01", "severity": "red"},
        ],
        ["P", "A"],
        told,
        written_off,
    )


def test_given_a_client_whose_debt_is_all_written_off_then_it_has_no_money_at_risk_and_is_told_apart(
    told: Told,
) -> None:
    colours = {"A": "red", "B": "amber", "E": "green", "Z": "no_credit"}
    found = night(told, colours, written_off=("A", "Z"))
    assert (found.at_risk, found.in_trouble, found.written_off) == (2, 0, 1)
    assert found.of("red") == 0
    assert night(told, colours).written_off == 0


def test_given_a_truth_file_then_a_story_counts_from_the_day_on_which_it_can_be_seen(told: Told) -> None:
    assert [told.of(client) for client in "ABCDE"] == [TROUBLE, LOOK_ALIKE, NOTHING, LOOK_ALIKE, NOTHING]


def test_given_clients_without_money_at_risk_then_they_are_in_no_share_and_what_they_fired_in_no_count(
    told: Told,
) -> None:
    found = night(told, {"A": "red", "B": "amber", "E": "green", "Z": "no_credit"})
    assert (found.at_risk, found.in_trouble) == (3, 1)
    assert [found.share_pct(colour) for colour in ("red", "amber", "orange")] == [
        Decimal("33.33"), Decimal("33.33"), Decimal("0.00"),
    ]  # fmt: skip
    assert dict(found.decided) == {("red", TROUBLE, "hard P01"): 1}
    assert dict(found.fired) == {("red", TROUBLE, "P01 red"): 1}
    assert (found.of("amber", LOOK_ALIKE), found.of("green", NOTHING)) == (1, 1)


def test_given_nobody_with_money_at_risk_then_every_share_is_nothing(told: Told) -> None:
    assert night(told, {"A": "no_credit"}).share_pct("red") == 0


def test_given_what_must_not_be_then_it_is_counted_by_name(told: Told) -> None:
    found = night(told, {"A": "red", "B": "red", "D": "amber", "P": "red"})
    assert (found.sound_projects_red, found.fully_drawn_red, found.season_above_blue) == (1, 1, 1)
    quiet = night(told, {"A": "red", "B": "orange", "D": "blue", "P": "orange"})
    assert (quiet.sound_projects_red, quiet.fully_drawn_red, quiet.season_above_blue) == (0, 0, 0)


def test_given_several_banks_then_shares_have_their_mean_spread_and_ends_and_what_fired_is_added_up(told: Told) -> None:
    colours = dict.fromkeys("EFGHIJKL", "green")
    both = Pyramid([night(told, {"A": "red", "B": "red"} | colours), night(told, {"A": "red", "B": "green"} | colours)])
    red = both.shares()[0]
    assert (red.colour, red.mean_pct, red.spread_pct) == ("red", Decimal("15.00"), Decimal("7.07"))
    assert (red.least_pct, red.most_pct) == (Decimal("10.00"), Decimal("20.00"))
    assert both.most("fired", "red") == [("P01 red", {TROUBLE: 2, LOOK_ALIKE: 0, NOTHING: 0})]
    assert both.most("stories", "red")[0] == ("lost_payer", {TROUBLE: 2, LOOK_ALIKE: 0, NOTHING: 0})
    told_so = both.document()
    assert told_so["nights"][0]["clients"]["red"] == {TROUBLE: 1, LOOK_ALIKE: 1, NOTHING: 0}
    assert told_so["stories"]["red"]["fully_drawn"] == {TROUBLE: 0, LOOK_ALIKE: 1, NOTHING: 0}
    assert Pyramid([both.nights[0]]).shares()[0].spread_pct == 0
