"""One bank, two nights, run once for all tests that only read them or go on from a copy."""

import datetime
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hand_bank import D, days_back, ten_clients, write_sqlite
from made_once import made_once

from nightdesk.attempt.opening import ledgered, open_night
from nightdesk.night.answers import take_mailbox
from nightdesk.night.checking import check
from nightdesk.night.computing import compute
from nightdesk.night.extraction import extract
from nightdesk.night.publishing import publish
from nightdesk.night.whole import NightResult, run_night
from nightdesk.settings import Settings
from nightdesk.steps import COMPUTED

MakeSettings = Callable[[], Settings]
CopySettings = Callable[[Settings], Settings]


@pytest.fixture(scope="session")
def fresh_settings(new_desk: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> MakeSettings:
    """A home and a desk database of its own at each call."""
    return lambda: Settings(home=tmp_path_factory.mktemp("home"), desk_url=new_desk())


class TwoNights:
    """The ten-client bank after the nights of the day before D (not mailed) and of D (mailed)."""

    def __init__(self, settings: Settings, source: str, nights: tuple[NightResult, NightResult]) -> None:
        self.settings, self.source = settings, source
        self.first, self.second = nights


def publish_night(settings: Settings, day: datetime.date, source: str) -> NightResult:
    """A night up to its publication, by the steps that the DAG's tasks call: no page of it is made."""
    night = open_night(settings, day, source=source)
    with ledgered(night):
        take_mailbox(night)
        rows = {"extract": sum(extract(night, source).values()), "check": check(night)}
        for layer in COMPUTED:
            rows[layer] = sum(compute(night, layer).values())
        published, is_new = publish(night)
    return NightResult(published, is_new, rows, [])


@pytest.fixture(scope="session")
def ten_source(shared: Path) -> str:
    """The ten-client bank, only to be read."""
    return made_once(shared, "ten", lambda folder: write_sqlite(ten_clients(), folder / "bank.db"))


@pytest.fixture(scope="session")
def two_nights(
    shared: Path, first_night: tuple[Settings, NightResult], ten_source: str, copy_of: CopySettings
) -> TwoNights:
    """As of this process, only to be read or copied."""

    def make(_: Path) -> tuple[Settings, NightResult]:
        settings = copy_of(first_night[0])
        return settings, run_night(settings, D, source=ten_source, send=True)

    settings, second = made_once(shared, "second_night", make)
    return TwoNights(copy_of(settings), ten_source, (first_night[1], second))


@pytest.fixture(scope="session")
def first_night(shared: Path, fresh_settings: MakeSettings, ten_source: str) -> tuple[Settings, NightResult]:
    """The night of the day before D, published and not mailed, of all processes; only to be copied."""

    def make(_: Path) -> tuple[Settings, NightResult]:
        settings = fresh_settings()
        return settings, run_night(settings, days_back(1), source=ten_source)

    return made_once(shared, "first_night", make)


@pytest.fixture(scope="session")
def copy_of(new_desk: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> CopySettings:
    """A home and a desk database with what others have, at each call: what is done to the copy they never see."""

    def make(model: Settings) -> Settings:
        home = tmp_path_factory.mktemp("copy") / "home"
        shutil.copytree(model.home, home, symlinks=True)
        return Settings(home=home, desk_url=new_desk(model))

    return make


@pytest.fixture
def eve(first_night: tuple[Settings, NightResult], copy_of: CopySettings) -> Settings:
    """A home of the ten-client bank after the night of the day before D."""
    return copy_of(first_night[0])
