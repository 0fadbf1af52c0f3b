"""Days ahead that no calendar covers are told where people look: after a night, and in its status."""

import json
from datetime import timedelta
from pathlib import Path

from hand_bank import D, days_back, ten_clients, write_sqlite
from terminal import Terminal

NIGHT = days_back(-1)
GUESSED = NIGHT + timedelta(days=45)
LINE = f"Working days of 2026 from {GUESSED} on are provisional: update chinesecalendar or fill calendar_day"


def test_a_night_and_its_status_say_from_when_working_days_are_guessed(terminal: Terminal, tmp_path: Path) -> None:
    bank = ten_clients()
    bank["calendar_day"] = [{"day": GUESSED, "is_workday": 1, "source": "provisional"}]
    source = write_sqlite(bank, tmp_path / "bank.db")
    night = terminal.run("night", "--date", str(NIGHT), "--source", source, "--lang", "en")
    assert night.exit_code == 0, night.output
    assert LINE in night.stderr
    assert LINE in terminal.run("status", "--date", str(NIGHT), "--lang", "en").stdout
    assert f"{GUESSED} 起的工作日为暂定" in terminal.run("status", "--date", str(NIGHT)).stdout
    document = json.loads(terminal.run("status", "--date", str(NIGHT), "--json").stdout)
    assert document["calendar_gap"] == {"kind": "china", "first_day": str(GUESSED)}
    before = terminal.run("status", "--date", str(D), "--lang", "en")
    assert "provisional" not in before.stdout, "the night before has its own calendar, which covers all"
