"""evaluate: three month ends of the ten-client bank, where C05 pays nothing from 2025-12-30 on and ends in default."""

import datetime
import json
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from databases import execute
from hand_bank import Bank, ten_clients
from made_once import PROCESS
from sqlalchemy import text
from terminal import Terminal, published_nights

from nightdesk import pg
from nightdesk.desk.database import open_desk
from nightdesk.desk.publication import Publication
from nightdesk.models import COMPUTED, layer_products, models, ordered
from nightdesk.reading.evaluated import last_of_each_month, months_between

#: none in February
NIGHTS = (datetime.date(2025, 12, 31), datetime.date(2026, 1, 31), datetime.date(2026, 3, 31))
RANGE = ("evaluate", "--from", "2025-12-01", "--to", "2026-03-31")
#: the attempt at the first night that the desk knows, as it is told apart in SQL
FIRST = "(select attempt_id from publication where business_date = '2025-12-31' and revision = 1)"


def recording_bank() -> Bank:
    """The ten clients, of a bank that says of each row when it knew it."""
    bank = ten_clients()
    for rows in bank.values():
        for row in rows:
            row["known_at"] = f"{row.get('paid_on') or '2025-01-16'} 18:00:00"
    return bank | {"txn": ten_clients()["txn"]}


@pytest.fixture(scope="module")
def month_ends(pg_server: pg.Server, tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    place = tmp_path_factory.mktemp("evaluate")
    return published_nights(pg_server, place, f"evaluate_{PROCESS}", NIGHTS, recording_bank())


@pytest.fixture
def undated(month_ends: Terminal, tmp_path: Path) -> Iterator[Callable[..., dict[str, Any]]]:
    """Evaluates the same nights as of a bank that did not say when it knew an instalment of the first of them, once
    something else of the desk is as statements say."""
    copy = month_ends.copy(tmp_path / "home", f"evaluate_undated_{PROCESS}")

    def evaluated(*statements: str) -> dict[str, Any]:
        with open_desk(copy.settings()).begin() as connection:
            for one in (
                f"update feed set is_point_in_time = false where table_name = 'instalment' and attempt_id = {FIRST}",
                *statements,
            ):
                connection.execute(text(one))
        done = copy.run(*RANGE, "--out", str(tmp_path / "out"), "--json")
        assert done.exit_code == 0, done.stderr
        told: dict[str, Any] = json.loads(done.stdout)
        return told

    yield evaluated
    open_desk(copy.settings()).dispose()
    execute(copy.server, f"drop database {copy.database} with (force)")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("evaluated") / "out"


@pytest.fixture(scope="module")
def found(month_ends: Terminal, folder: Path) -> dict[str, Any]:
    done = month_ends.run(*RANGE, "--out", str(folder), "--json")
    assert done.exit_code == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def of(rows: list[dict[str, Any]], code: str) -> dict[str, Any]:
    return next(row for row in rows if row["code"] == code)


def test_given_no_truth_file_then_the_event_is_the_first_night_in_default_and_the_gap_is_named(
    found: dict[str, Any],
) -> None:
    assert found["events_from"] == "published_nights"
    assert [night["night"] for night in found["nights"]] == [str(night) for night in NIGHTS]
    assert found["months_without_night"] == ["2026-02"]
    assert found["is_calibrated"] is False
    population = found["population"]
    assert (population["nights"], population["events"], population["judged_events"]) == (3, 1, 1)


def test_given_a_default_ninety_days_after_the_first_arrears_then_amber_led_by_ninety_and_nothing_but_arrears_did(
    found: dict[str, Any],
) -> None:
    amber = of(found["colours"], "amber")
    assert (amber["hit"]["k"], amber["hit"]["n"], amber["hit"]["low_pct"]) == (1, 1, "20.7")
    assert (amber["lead"]["median_days"], amber["lead"]["undetected"], amber["lead"]["early"]["k"]) == ("90.00", 0, 1)
    assert of(found["colours"], "orange")["lead"]["median_days"] == "59.00"
    without = of(found["colours_without_arrears"], "amber")
    assert (without["hit"]["k"], without["lead"]["undetected"]) == (0, 1)
    arrears = of(found["indicators"], "P01")
    assert (arrears["marginal_hits"], arrears["lead"]["median_days"], arrears["use"]) == (1, "90.00", "helps")
    assert of(found["indicators"], "T21")["use"] == "never_fired"


def test_given_a_bank_that_says_when_it_knew_a_row_then_nights_of_long_ago_are_not_reconstructed(
    found: dict[str, Any],
) -> None:
    assert found["reconstructed_nights"] == 0
    assert of(found["colours"], "amber")["lead"]["left_out"] == 0


def test_given_a_night_put_together_later_of_rows_without_record_then_what_opened_on_it_is_a_hit_without_a_lead(
    undated: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    found = undated()
    assert found["reconstructed_nights"] == 1
    amber, orange = (of(found["colours"], code) for code in ("amber", "orange"))
    assert (amber["hit"]["k"], amber["hit"]["n"]) == (1, 1)
    lead = amber["lead"]
    assert (lead["median_days"], lead["detected"], lead["undetected"], lead["left_out"]) == (None, 0, 0, 1)
    # it opened on the next night, of which the bank said when it knew each row
    assert (orange["lead"]["median_days"], orange["lead"]["left_out"]) == ("59.00", 0)
    page = (tmp_path / "out" / "evaluation.html").read_text()
    for words in ("1 夜是事后重建的", "事后重建不计 1", "1 published night is reconstructed", "left out: 1"):
        assert words in page


_PUBLISHED = "update publication set published_at = '{}' where business_date = '2025-12-31'"
#: the first night once more, told and computed long after it, of the rows that the first had read
_REPLAYED = (
    _PUBLISHED.format("2026-01-01 02:00+08"),
    *(
        f"create temp table again as select * from {table} where attempt_id = {FIRST};"
        f"update again set attempt_id = 'AGAIN'{values}; insert into {table} select * from again; drop table again"
        for table, values in (
            ("attempt", ", landing_attempt_id = attempt_id, opened_at = now()"),
            ("feed", ""),
            ("pin", ""),
            ("publication", ", revision = 2, published_at = now()"),
        )
    ),
    "update pointer set revision = 2 where business_date = '2025-12-31'",
)


@pytest.mark.parametrize(
    ("statements", "lead"),
    [
        pytest.param((_PUBLISHED.format("2026-01-03 23:59+08"),), "90.00", id="three_days_later"),
        pytest.param((_PUBLISHED.format("2026-01-04 00:00+08"),), None, id="four_days_later"),
        pytest.param(
            (
                "update attempt set opened_at = '2026-01-01 01:00+08' where business_date = '2025-12-31'",
                *_REPLAYED,
            ),
            "90.00",
            id="replayed_of_what_was_read_live",
        ),
        pytest.param(_REPLAYED, None, id="replayed_of_what_was_read_long_after"),
    ],
)
def test_given_rows_without_record_then_a_night_told_within_three_days_of_the_bank_s_calendar_is_live(
    undated: Callable[..., dict[str, Any]], statements: tuple[str, ...], lead: str | None
) -> None:
    found = undated(*statements)
    assert of(found["colours"], "amber")["lead"]["median_days"] == lead
    assert found["reconstructed_nights"] == (lead is None)


def test_given_months_with_less_than_a_horizon_behind_them_then_they_are_in_no_rate(found: dict[str, Any]) -> None:
    amber = of(found["colours"], "amber")
    assert amber["precision"] == {"k": 0, "n": 0, "pct": None, "low_pct": None, "high_pct": None}
    assert amber["censored_episodes"] == amber["episodes"] > 0
    assert found["base_rate"]["n"] == 0


def test_given_a_dumb_rule_then_the_colours_name_as_many_beside_it(found: dict[str, Any]) -> None:
    pairs = {pair["code"]: pair for pair in found["pairs"]}
    assert set(pairs) == {"days_past_due", "utilisation"}
    for pair in pairs.values():
        assert pair["yardstick"]["flagged_months"] == pair["colours"]["flagged_months"]
    assert pairs["days_past_due"]["yardstick"]["flagged_months"] == 4


def test_given_each_night_then_the_shares_of_its_colours_are_all_of_its_clients(found: dict[str, Any]) -> None:
    everybody = found["pyramids"][0]
    assert [month["total"] for month in everybody["months"]] == [10, 10, 10]
    for month in everybody["months"]:
        assert sum(month["clients"].values()) == 10
    assert sum(float(share["mean_pct"]) for share in everybody["means"]) == pytest.approx(100, abs=0.05)


def test_given_a_folder_then_page_and_twin_are_there_closed_and_say_the_same(
    found: dict[str, Any], folder: Path
) -> None:
    assert found["page"] == str(folder / "evaluation.html")
    assert json.loads((folder / "evaluation.json").read_text()) == {k: v for k, v in found.items() if k != "page"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    page = (folder / "evaluation.html").read_text()
    for words in ("未校准", "Not calibrated", "逾期超过 90 天", "2026-02", "20.7–100.0 · 1/1"):
        assert words in page


@pytest.mark.parametrize(
    ("lang", "words"),
    [("zh_CN", ("未校准", "没有已发布夜的月份", "从未触发")), ("en", ("not calibrated", "2026-02", "never fired"))],
)
def test_given_a_terminal_then_the_tables_say_it_in_its_language(
    month_ends: Terminal, tmp_path: Path, lang: str, words: tuple[str, ...]
) -> None:
    done = month_ends.run(*RANGE, "--out", str(tmp_path), "--lang", lang)
    assert done.exit_code == 0, done.stderr
    for one in (*words, "100.0% [20.7–100.0] 1/1", "90 [90–90] n=1", str(tmp_path / "evaluation.html")):
        assert one in done.stdout


def test_given_nights_that_can_judge_no_event_then_that_is_said_with_what_is_known_and_no_empty_table_follows(
    month_ends: Terminal, tmp_path: Path
) -> None:
    late = tmp_path / "late.csv"
    late.write_text("client_id,event_date\nC05,2026-05-01\n", encoding="utf-8")
    only = ("evaluate", "--from", "2026-03-01", "--to", "2026-03-31", "--out", str(tmp_path / "out"), "--lang", "en")
    said = " ".join(month_ends.run(*only, "--truth", str(late)).stdout.split())
    assert "no event can be judged by these nights" in said
    assert "(events known: 1, of them after the last night, 2026-03-31: 1)" in said
    assert "False alarms" not in said


def test_given_a_truth_file_then_its_events_count_and_what_else_it_has_is_passed_over(
    month_ends: Terminal, tmp_path: Path
) -> None:
    truth = tmp_path / "truth.csv"
    truth.write_text(
        "client_id,story,event,event_date,first_visible_on,is_look_alike\n"
        "C04,arrears,default,2026-03-20,2026-02-14,false\n"  # its first arrears are of that day, which no night saw
        "C03,look,none,2026-03-20,2026-03-01,true\n"
        "C02,decline,default,2026-12-31,,false\n"
        "C02,decline,default,2026-03-31,2026-01-10,false\n"
        "C06,line,default,2026-04-02,,false\n"
        "C07,fine,,,,false\n",
        encoding="utf-8-sig",
    )
    done = month_ends.run(*RANGE, "--truth", str(truth), "--out", str(tmp_path), "--json")
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)
    population = found["population"]
    assert found["events_from"] == "truth_file"
    # of C06 no night can say yet whether it was told
    assert (population["events"], population["judged_events"], population["later_events"]) == (3, 2, 1)
    assert of(found["colours"], "amber")["hit"] == {
        "k": 0, "n": 2, "pct": "0.0", "low_pct": "0.0", "high_pct": "65.8",
    }  # fmt: skip
    assert "真相文件" in (tmp_path / "evaluation.html").read_text()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("client_id,date\nC01,2026-01-01\n", "has no column event_date"),
        ("who,when\n", "has no column client_id, event_date"),
        ("client_id,event_date\nC01,soon\nC02,2026-13-01\n", "has what is no date in 2 lines (2, 3)"),
        ("client_id,event_date\n,2026-01-01\n", "names no client in 1 line (2)"),
        (
            "client_id,event_date\nC01,\n" + "SECRET,2026-01-01\n" * 6,
            "names clients that none of the nights knows: 6 lines (3, 4, 5, 6, 7, …)",
        ),
        (b"client_id,event_date\n\xff\xfe,\n", "cannot be read: UnicodeDecodeError"),
        (None, "cannot be read: [Errno 2]"),
    ],
)
def test_given_a_truth_file_that_cannot_be_used_then_columns_or_lines_are_named_and_no_value(
    month_ends: Terminal, tmp_path: Path, content: str | bytes | None, said: str
) -> None:
    truth = tmp_path / "truth.csv"
    if content is not None:
        truth.write_bytes(content if isinstance(content, bytes) else content.encode())
    done = month_ends.run(*RANGE, "--truth", str(truth), "--out", str(tmp_path / "out"))
    assert done.exit_code == 2
    assert said in done.stderr
    assert "SECRET" not in done.stderr
    assert "soon" not in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2026-03-31", "2026-03-30", "--from 2026-03-31 lies after --to 2026-03-30"),
        ("2026-02-01", "2026-02-28", "no published night of the profile 'contract' from 2026-02-01 to 2026-02-28"),
        ("2026-02-01", "2026-02-28", "Its nights lie from 2025-12-31 to 2026-03-31"),
        ("soon", "2026-02-28", "--from 'soon' is not a date"),
    ],
)
def test_given_a_range_without_nights_then_it_is_said_and_which_there_are(
    month_ends: Terminal, first: str, last: str, said: str
) -> None:
    done = month_ends.run("evaluate", "--from", first, "--to", last)
    assert done.exit_code == 2
    assert said in done.stderr


def test_given_nights_of_several_months_then_the_last_of_each_is_evaluated_and_gaps_have_names() -> None:
    days = [datetime.date(2025, 12, 30), *NIGHTS]
    cutoff = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    nights = [Publication("contract", day, 1, f"N{day}", cutoff, "") for day in days]
    assert [night.business_date for night in last_of_each_month(nights)] == list(NIGHTS)
    assert months_between(NIGHTS[0], NIGHTS[2]) == ["2025-12", "2026-01", "2026-02", "2026-03"]
    assert months_between(NIGHTS[0], NIGHTS[0]) == ["2025-12"]


def test_given_the_models_of_an_evaluation_then_no_night_builds_them() -> None:
    apart = {name for name in models() if name.startswith("warnings_backtest.")}
    built = {model.table for layer in COMPUTED for model in ordered(layer_products(layer))}
    assert len(apart) > 5
    assert apart & built == set()
