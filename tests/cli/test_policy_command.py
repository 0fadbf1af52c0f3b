"""nightdesk policy: check ends with 8 where something is wrong, diff says what differs; a night stops alike."""

import json
import shutil
from pathlib import Path

import pytest
from hand_bank import D, days_back
from terminal import Terminal
from typer.testing import CliRunner, Result

from nightdesk import pg
from nightdesk import policy as policies
from nightdesk.cli import app
from nightdesk.pg.cluster import free_port
from nightdesk.settings import sql_root

#: where the row of E03 stands
LINE = next(
    number
    for number, row in enumerate((sql_root() / "policy" / "indicator.csv").read_text("utf-8").splitlines(), start=1)
    if row.startswith("E03,")
)


@pytest.fixture
def sql(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of sql/, whose policy is the one that is read."""
    root = shutil.copytree(sql_root(), tmp_path / "sql")
    monkeypatch.setattr(policies, "sql_root", lambda: root)
    return root


def say(*words: str, **env: str) -> Result:
    return CliRunner(env=env).invoke(app, list(words))


def put(path: Path, before: str, after: str) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), "未发现问题"),
        (("--lang", "en"), "Nothing is wrong"),
        (("--profile", "berka", "--lang", "en"), "Nothing is wrong"),
    ],
)
def test_given_the_shipped_policy_when_checked_then_it_is_sound(words: tuple[str, ...], expected: str) -> None:
    done = say("policy", "check", *words)
    assert (done.exit_code, done.stderr) == (0, "")
    assert expected in done.stdout


def test_given_faults_when_checked_then_all_stand_in_a_table_in_both_languages_and_the_code_is_8(sql: Path) -> None:
    put(sql / "policy" / "indicator.csv", "esg,8,days,high,30,passed,90,passed", "esg,8,days,high,91,passed,90,passed")
    put(sql / "policy" / "special_contact.csv", "orange,3,", "orage,3,")
    for lang, said in (
        ("zh_CN", "amber_value（91）必须小于 red_value（90）"),
        ("en", "91 must lie below red_value 90"),
    ):
        done = say("policy", "check", "--lang", lang)
        assert done.exit_code == 8
        assert said in done.stdout
        assert "sql/policy/indicator.csv" in done.stdout
        assert "sql/policy/special_contact.csv" in done.stdout
    done = say("policy", "check", "--json", "--lang", "en")
    found = json.loads(done.stdout)
    assert (done.exit_code, found["profile"], len(found["faults"])) == (8, "contract", 3)
    assert found["faults"][0] == {
        "kind": "crossed",
        "table": "indicator",
        "file": "sql/policy/indicator.csv",
        "lines": [LINE],
        "key": "E03",
        "since": None,
        "text": "amber_value 91 must lie below red_value 90",
    }


def test_given_rows_that_cannot_be_read_when_checked_then_it_is_said_that_more_may_show(sql: Path) -> None:
    put(sql / "policy" / "capacity.csv", "rm,20,", "rm,0,")
    done = say("policy", "check", "--lang", "en")
    assert done.exit_code == 8
    assert "must be at least 1" in done.stdout
    assert "mend them and check again" in done.stderr


def test_given_a_fault_when_a_night_is_asked_for_then_it_stops_before_anything_is_written(
    sql: Path, tmp_path: Path
) -> None:
    put(sql / "policy" / "indicator.csv", "esg,8,days,high,30,passed,90,passed", "esg,8,days,high,91,passed,90,passed")
    done = say("night", "--date", "2026-03-31", NIGHTDESK_HOME=str(tmp_path / "home"), NIGHTDESK_PROFILE="contract")
    assert (done.exit_code, done.stdout) == (8, "")
    assert f"sql/policy/indicator.csv, line {LINE}, E03: amber_value 91 must lie below red_value 90" in done.stderr
    assert not (tmp_path / "home").exists()


def test_given_two_dates_when_compared_then_what_differs_is_told_or_that_nothing_does(sql: Path) -> None:
    put(
        sql / "policy" / "capacity.csv",
        "rm,20,1900-01-01,,",
        "rm,25,2026-01-01,,risk,more hands\nrm,20,1900-01-01,2025-12-31,",
    )
    dates = ("--from", "2025-12-31", "--to", "2026-01-01")
    shown = say("policy", "diff", *dates, "--lang", "en")
    assert shown.exit_code == 0
    assert [word in shown.stdout for word in ("capacity", "max_tasks_per_day", "20", "25", "more hands")] == [True] * 5
    found = json.loads(say("policy", "diff", *dates, "--json").stdout)
    assert (found["from"], found["to"]) == ("2025-12-31", "2026-01-01")
    assert found["differences"][0] == {
        "table": "capacity",
        "key": "rm",
        "column": "max_tasks_per_day",
        "before": "20",
        "after": "25",
        "reason": "more hands",
        "owner": "risk",
        "file": "sql/policy/capacity.csv",
        "line": 2,
    }
    same = say("policy", "diff", "--from", "2026-01-01", "--to", "2026-02-01")
    assert (same.exit_code, same.stdout.strip()) == (0, "2026-01-01 与 2026-02-01 之间，生效的各行没有差异")
    none = say("policy", "diff", "--from", "2026-01-01", "--to", "2026-02-01", "--json")
    assert json.loads(none.stdout)["differences"] == []


def test_given_a_date_or_a_profile_that_is_none_then_the_command_says_so() -> None:
    assert say("policy", "diff", "--from", "soon", "--to", "2026-01-01").exit_code == 2
    assert say("policy", "check", "--profile", "nope").exit_code == 8


def test_given_a_row_edited_in_place_since_its_night_when_policy_is_compared_then_it_warns(
    two_published: Terminal, sql: Path
) -> None:
    dates = ("--from", str(days_back(1)), "--to", str(D), "--lang", "en")
    put(sql / "policy" / "capacity.csv", "rm,20,", "rm,21,")
    edited = two_published.run("policy", "diff", *dates)
    assert edited.exit_code == 0
    assert "No row in force differs" in edited.stdout
    assert f"The rows of {D} are no longer those that its night was made with" in " ".join(edited.stdout.split())
    told = json.loads(two_published.run("policy", "diff", *dates, "--json").stdout)["rewritten"]
    assert str(D) in {one["business_date"] for one in told}


def test_given_words_reworded_or_a_row_ended_after_its_night_when_policy_is_compared_then_there_is_no_warning(
    two_published: Terminal, sql: Path
) -> None:
    put(sql / "policy" / "task_text.csv", "Use-of-funds check due", "Check of the use of funds")
    put(sql / "policy" / "capacity.csv", "beyond it a list is not read", "nobody reads more")
    put(sql / "policy" / "capacity.csv", "rm,20,1900-01-01,,", f"rm,20,1900-01-01,{D},")
    done = two_published.run("policy", "diff", "--from", str(D), "--to", str(D), "--json")
    assert (done.exit_code, json.loads(done.stdout)["rewritten"]) == (0, [])


def test_given_the_rows_that_a_night_was_made_with_when_policy_is_compared_then_there_is_nothing_to_warn_of(
    two_published: Terminal,
) -> None:
    done = two_published.run("policy", "diff", "--from", str(days_back(1)), "--to", str(D))
    assert (done.exit_code, done.stderr) == (0, "")


def test_given_a_home_without_a_desk_when_policy_is_compared_then_none_is_made_for_it(
    two_published: Terminal, tmp_path: Path
) -> None:
    home = tmp_path / "none"
    done = two_published.run("policy", "diff", "--from", str(D), "--to", str(D), home=str(home), desk_url="")
    assert (done.exit_code, done.stderr) == (0, "")
    assert not home.exists()


@pytest.mark.parametrize(("lang", "said"), [("en", "cannot be told"), ("zh_CN", "无法判断")])
def test_given_a_desk_that_is_down_when_policy_is_compared_then_the_answer_is_said_and_one_remark(
    lang: str, said: str
) -> None:
    desk = f"postgresql://nobody:secret@127.0.0.1:{free_port()}/desk"
    words = ("policy", "diff", "--from", "2026-01-01", "--to", "2026-02-01", "--lang", lang)
    done = say(*words, NIGHTDESK_DESK_URL=desk)
    assert (done.exit_code, done.stdout.count("2026-02-01")) == (0, 1)
    assert said in done.stderr
    assert (done.stderr.count("\n"), "secret" in done.stderr) == (1, False)
    told = say(*words, "--json", NIGHTDESK_DESK_URL=desk)
    assert (told.exit_code, said in told.stderr) == (0, True)
    assert json.loads(told.stdout)["differences"] == []
    assert json.loads(told.stdout)["rewritten"] is None


def test_given_an_embedded_desk_that_is_stopped_when_policy_is_compared_then_it_is_not_started_for_it(
    tmp_path: Path,
) -> None:
    home = tmp_path / "home"
    pg.ensure_server(home)
    try:
        words = ("policy", "diff", "--from", "2026-01-01", "--to", "2026-02-01", "--lang", "en")
        env = {"NIGHTDESK_HOME": str(home), "NIGHTDESK_DESK_URL": ""}
        running = say(*words, **env)
        assert (running.exit_code, running.stderr) == (0, "")
        pg.stop(home)
        stopped = say(*words, **env)
        assert (stopped.exit_code, stopped.stdout) == (0, running.stdout)
        assert "does not run. Start it with: nightdesk pg start." in " ".join(stopped.stderr.split())
        assert not pg.status(home).running
    finally:
        pg.remove(home)


def test_given_a_date_whose_policy_is_unsound_when_compared_then_the_answer_is_said_and_one_remark(
    two_published: Terminal, sql: Path
) -> None:
    put(sql / "policy" / "indicator.csv", "esg,8,days,high,30,passed,90,passed", "esg,8,days,high,91,passed,90,passed")
    done = two_published.run("policy", "diff", "--from", str(D), "--to", str(D), "--lang", "en")
    assert (done.exit_code, "No row in force differs" in done.stdout) == (0, True)
    assert "amber_value 91 must lie below red_value 90" in " ".join(done.stderr.split())
