"""A night in one line: what is published, mailed and not assessed; of one that is not, why."""

from pathlib import Path

import pytest
from hand_bank import D, days_back, ten_clients, write_sqlite
from night_runs import MakeSettings, show_night

from nightdesk.desk.database import open_desk
from nightdesk.desk.publication import current
from nightdesk.errors import HeldNight
from nightdesk.night.mailing import send_lists
from nightdesk.night.whole import run_night
from nightdesk.reading.showing import shown_folder
from nightdesk.reading.summary import backfill_summary, night_summary
from nightdesk.render.outputs import branch_folder
from nightdesk.settings import Settings

EVE = days_back(1)


def test_given_a_night_when_published_rendered_and_mailed_then_its_line_counts_what_is_out(
    eve: Settings, fresh_settings: MakeSettings
) -> None:
    none = night_summary(fresh_settings(), EVE)
    assert none.split("\n\n")[0] == "2026-03-30 · 未发布；最近一次运行的结果见下"
    assert none.endswith("\n\nno attempt")

    assert "· 2 lists, 2 to be mailed, 0 sent ·" in night_summary(eve, EVE)
    with open_desk(eve).connect() as connection:
        published = current(connection, "contract", EVE)
    send_lists(eve, published)
    assert night_summary(eve, EVE).split("\n\n") == [
        "2026-03-30 · 第 1 版 · 晨单 2 份，应发 2 份，已发送 2 份 · 客户 10 户，其中未评估 1 户",
        "2026-03-30 · revision 1 · 2 lists, 2 to be mailed, 2 sent · 10 clients, 1 of them not assessed",
    ]
    (branch_folder(shown_folder(eve, EVE), "B1") / "list.html").unlink()
    assert "· 1 lists, 2 to be mailed, 2 sent ·" in night_summary(eve, EVE)


def test_given_a_night_before_a_day_off_then_its_line_says_that_nothing_is_mailed(
    tmp_path: Path, desk_database: str
) -> None:
    friday = days_back(4)  # 27 March 2026
    source = write_sqlite(ten_clients(), tmp_path / "bank.db")
    settings = Settings(home=tmp_path, source_url=source, desk_url=desk_database, threads=1)
    show_night(settings, friday, source, "lists")
    chinese, english = night_summary(settings, friday).split("\n\n")
    assert "晨单 2 份，次日非工作日，不发送邮件" in chinese
    assert "2 lists, none is mailed before a day off" in english


def test_given_a_night_that_is_held_for_many_reasons_then_its_line_has_room_for_a_link(
    tmp_path: Path, desk_database: str
) -> None:
    bank = ten_clients()
    for name in ("account", "client", "loan", "branch"):
        bank[name] = [dict.fromkeys(bank[name][0])]
    settings = Settings(home=tmp_path, source_url=write_sqlite(bank, tmp_path / "bank.db"), desk_url=desk_database)
    with pytest.raises(HeldNight):
        run_night(settings, D)
    summary = night_summary(settings, D)
    assert "held: the night of 2026-03-31 is held" in summary
    assert len(summary) < 700


def test_given_a_published_night_when_a_later_run_is_held_then_its_line_says_what_stands_and_that_this_one_did_not(
    eve: Settings, tmp_path: Path
) -> None:
    bank = ten_clients()
    assert "held" not in night_summary(eve, EVE)
    bank["account"] = [dict.fromkeys(bank["account"][0])]
    with pytest.raises(HeldNight):
        run_night(eve, EVE, source=write_sqlite(bank, tmp_path / "bank.db"))
    *stands, chinese, english, said = night_summary(eve, EVE).split("\n\n")
    assert ["第 1 版" in stands[0], "revision 1" in stands[1]] == [True, True]
    assert "未通过" in chinese
    assert "did not go through" in english
    assert said.startswith("held: ")


def test_a_backfills_line_names_its_range() -> None:
    assert backfill_summary(1, ["2026-03-01", "2026-03-02"]).splitlines()[-1] == (
        "backfill 2026-03-01 to 2026-03-02 · 1 of 2 nights done"
    )
