"""The list of a Monday: what happened in the nights since the list of the Friday before is on it."""

from datetime import date
from pathlib import Path

import pytest
from hand_bank import Bank, ten_clients, write_sqlite
from night_runs import MakeSettings

from nightdesk.night.whole import run_night

THURSDAY, FRIDAY, SUNDAY, MONDAY = date(2026, 3, 26), date(2026, 3, 27), date(2026, 3, 29), date(2026, 3, 30)


def paid_on_friday(bank: Bank) -> Bank:
    """The same bank after C03 paid what was overdue."""
    for instalment in bank["instalment"]:
        if instalment["loan_id"] == "L03" and not instalment["paid_on"] and instalment["due_date"] < THURSDAY:
            instalment |= {"paid_amt": instalment["due_amt"], "paid_on": FRIDAY}
            paid = {name: instalment[name] for name in ("loan_id", "due_date", "kind", "paid_on")}
            bank["payment"].append(paid | {"payment_id": "P03late", "amount": instalment["due_amt"]})
    return bank


@pytest.mark.long
def test_given_a_signal_that_is_quiet_from_friday_on_then_monday_is_told_so_and_that_it_closed_after_three_nights(
    fresh_settings: MakeSettings, tmp_path: Path
) -> None:
    settings, path = fresh_settings(), tmp_path / "bank.db"
    run_night(settings, THURSDAY, source=write_sqlite(ten_clients(), path))
    source = write_sqlite(paid_on_friday(ten_clients()), path)
    for night in (FRIDAY, SUNDAY, MONDAY):
        run_night(settings, night, source=source)

    def shown(night: date) -> str:
        return (settings.out / str(night) / "branch" / "B1" / "list.txt").read_text(encoding="utf-8")

    assert "涵盖" not in shown(FRIDAY)
    assert "C03 [黄] P01" in shown(FRIDAY).partition("回落和解除的预警 (")[2]
    assert "涵盖 3 天" in shown(SUNDAY)
    assert "C03 [黄] P01" in shown(SUNDAY).partition("回落和解除的预警 (")[2]
    assert "P01 「贷款逾期」（L03）未再触发" in shown(SUNDAY)
    assert "已解除" not in shown(SUNDAY)
    assert "P01 「贷款逾期」（L03）已解除" in shown(MONDAY), "its third clear night"
    assert "未再触发" not in shown(MONDAY)
