"""One bank, two nights, run once for the tests that only read them or go on from a copy."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hand_bank import D, days_back, ten_clients, write_sqlite

from nightdesk.night.whole import NightResult, run_night
from nightdesk.settings import Settings

MakeSettings = Callable[[], Settings]
CopySettings = Callable[[Settings], Settings]


@pytest.fixture(scope="session")
def fresh_settings(new_desk: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> MakeSettings:
    """A home and a desk database of its own at each call."""
    return lambda: Settings(home=tmp_path_factory.mktemp("home"), desk_url=new_desk())


class TwoNights:
    """The ten-client bank after the nights of the day before D (not mailed) and of D (mailed)."""

    def __init__(self, settings: Settings, source: str) -> None:
        self.settings, self.source = settings, source
        self.first: NightResult = run_night(settings, days_back(1), source=source)
        self.second: NightResult = run_night(settings, D, source=source, send=True)


@pytest.fixture(scope="session")
def two_nights(fresh_settings: MakeSettings, tmp_path_factory: pytest.TempPathFactory) -> TwoNights:
    path: Path = tmp_path_factory.mktemp("bank") / "bank.db"
    return TwoNights(fresh_settings(), write_sqlite(ten_clients(), path))


@pytest.fixture(scope="session")
def copy_of(new_desk: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> CopySettings:
    """A home and a desk database with what others have, at each call: what is done to the copy they never see."""

    def make(model: Settings) -> Settings:
        home = tmp_path_factory.mktemp("copy") / "home"
        shutil.copytree(model.home, home, symlinks=True)
        return Settings(home=home, desk_url=new_desk(model))

    return make


@pytest.fixture(scope="session")
def published_eve(fresh_settings: MakeSettings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The night of the day before D, published and not mailed; only to be copied."""
    settings = fresh_settings()
    run_night(settings, days_back(1), source=write_sqlite(ten_clients(), tmp_path_factory.mktemp("eve") / "bank.db"))
    return settings


@pytest.fixture
def eve(published_eve: Settings, copy_of: CopySettings) -> Settings:
    """A home of the ten-client bank after the night of the day before D."""
    return copy_of(published_eve)
