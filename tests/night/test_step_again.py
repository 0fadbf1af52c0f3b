"""A step that runs again within its attempt, as a retried or cleared task does, finds what it found at first."""

from pathlib import Path
from typing import Any

from hand_bank import D, days_back, ten_clients, write_sqlite
from night_runs import MakeSettings, publish_night

from nightdesk.attempt.inputs import Inputs
from nightdesk.attempt.night_engine import night_engine
from nightdesk.attempt.opening import Night, open_night, take_night
from nightdesk.desk.pins import Pin, pins_of, set_pins
from nightdesk.night.checking import check
from nightdesk.night.computing import compute
from nightdesk.night.extraction import extract
from nightdesk.settings import Settings


def amounts(night: Night, txn_id: str) -> list[Any]:
    with night_engine(night) as engine:
        Inputs(night, engine).source("txn")
        return [row["amount"] for row in engine.rows("select amount from source.txn where txn_id = $t", t=txn_id)]


def test_given_a_correction_when_the_check_runs_again_then_the_corrected_version_is_still_replaced(
    fresh_settings: MakeSettings, tmp_path: Path
) -> None:
    bank, settings = ten_clients(), fresh_settings()
    for fact in bank["txn"]:
        fact["known_at"] = f"{fact['booked_on']} 18:00:00"
    publish_night(settings, days_back(1), write_sqlite(bank, tmp_path / "before.db"))
    corrected = next(fact for fact in bank["txn"] if fact["booked_on"] == days_back(21))
    corrected |= {"amount": 1234.0, "known_at": f"{D} 12:00:00"}
    night = open_night(settings, D, source=write_sqlite(bank, tmp_path / "tonight.db"))
    extract(night, f"sqlite:///{tmp_path / 'tonight.db'}")
    check(night)
    assert amounts(night, corrected["txn_id"]) == [1234]
    again = take_night(settings, night.attempt.attempt_id)
    check(again)
    assert amounts(again, corrected["txn_id"]) == [1234]


def test_given_a_try_that_began_its_histories_anew_when_the_features_continue_them_after_all_then_none_is_lost(
    eve: Settings, tmp_path: Path
) -> None:
    settings, source = eve, write_sqlite(ten_clients(), tmp_path / "bank.db")
    night = open_night(settings, D, source=source)
    extract(night, source)
    check(night)
    compute(night, "features")
    with night.desk.connect() as connection:
        pins = pins_of(connection, night.attempt.attempt_id)
    for name, pin in pins.items():  # as a try leaves them that saw accounts change hands, before the source was mended
        if name in ("features/client_day", "features/account_day"):
            set_pins(night.desk, night.attempt, [Pin(name, pin.batch_id, max(pin.row_count, 1), starts_chain=True)])
    again = take_night(settings, night.attempt.attempt_id)
    with night_engine(again) as engine:
        Inputs(again, engine).former("client_day", goes_on=True)
        assert engine.value("select count(*) from former.client_day")
