"""A decision at the terminal: what can be decided about, from which night it counts, what it replaces, its trail."""

import csv
import datetime
import io
import json
from zoneinfo import ZoneInfo

import pytest
from hand_bank import D
from terminal import Terminal
from typer.testing import Result

from nightdesk.desk import audit
from nightdesk.entering import decision
from nightdesk.reading.decidable import keys


@pytest.fixture(scope="module")
def episode(two_published: Terminal) -> str:
    """An open episode of the branch whose head is H1."""
    rows = csv.DictReader(io.StringIO(two_published.run("export", "episode", "--date", str(D)).stdout))
    return next(row["episode_id"] for row in rows if row["branch_id"] == "B1" and not row["closed_on"])


def test_given_its_help_when_read_then_every_subject_has_its_key(two_published: Terminal) -> None:
    said = " ".join(two_published.run("decide", "--help").stdout.replace("│", " ").split())
    told = keys()
    assert set(told) >= {"episode", "watch", "override", "class", "draw", "esg_review", "exit_plan", "conduct"}
    for subject, key in told.items():
        assert key, f"the first line of sql/asked/decidable/{subject}.sql does not end in `; its key: ...`"
        assert f"of {subject} {key}" in said
    assert "of release DATE" in said


@pytest.mark.parametrize(
    ("lang", "words", "listed"),
    [
        ("zh_CN", ("起生效", "不再有效", "确认"), ("已决定", "预警事件", "确认", "延后")),
        ("en", ("It counts from", "the place of the decision “confirmed”"), ("decided", "confirmed", "put off", "H1")),
    ],
)
def test_given_a_second_decision_that_says_otherwise_then_the_terminal_says_what_it_replaces_and_the_trail_has_both(
    terminal: Terminal, episode: str, lang: str, words: tuple[str, ...], listed: tuple[str, ...]
) -> None:
    def decided(verdict: str, *more: str) -> Result:
        return terminal.run("decide", "episode", episode, "--verdict", verdict, "--by", "H1", *more)

    first = decided("confirm", "--lang", lang)
    assert first.exit_code == 0, first.stderr
    assert words[0] in first.stdout
    assert words[1] not in first.stdout
    until = str(datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=5))
    second = decided("snooze", "--until", until, "--lang", lang)
    assert second.exit_code == 0, second.stderr
    assert all(word in second.stdout for word in words)
    trail = terminal.run("audit", "list", "--act", "decided", "--lang", lang).stdout
    assert all(word in trail for word in listed)
    again = json.loads(decided("confirm", "--json").stdout)
    assert again["replaces"]["verdict"] == "snooze"
    assert again["counts_from"] > str(D)


def test_given_a_decision_in_the_small_hours_when_it_is_replaced_then_its_day_is_the_banks(
    terminal: Terminal, episode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half past six in the morning there is the day before in UTC."""
    early = datetime.datetime.combine(D + datetime.timedelta(days=1), datetime.time(6, 30), ZoneInfo("Asia/Shanghai"))
    for module in (audit, decision):
        monkeypatch.setattr(module, "now", lambda: early.astimezone(datetime.UTC))
    words = ("decide", "episode", episode, "--by", "H1", "--lang", "en", "--verdict")
    assert terminal.run(*words, "confirm").exit_code == 0
    second = terminal.run(*words, "snooze", "--until", str(early.date() + datetime.timedelta(days=5)))
    assert second.exit_code == 0, second.stderr
    assert f"“confirmed” by H1 on {early.date()} " in second.stdout
