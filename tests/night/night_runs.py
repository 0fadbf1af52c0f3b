"""One bank, two nights, run once for the tests that only read them."""

from collections.abc import Callable
from itertools import count
from pathlib import Path

import psycopg
import pytest
from hand_bank import D, days_back, ten_clients, write_sqlite

from nightdesk import pg
from nightdesk.night.whole import NightResult, run_night
from nightdesk.settings import Settings

_NUMBERS = count(1)
MakeSettings = Callable[[], Settings]


@pytest.fixture(scope="session")
def fresh_settings(pg_server: pg.Server, tmp_path_factory: pytest.TempPathFactory) -> MakeSettings:
    """A home and a desk database of its own at each call."""

    def make() -> Settings:
        name = f"night_{next(_NUMBERS)}"
        with psycopg.connect(pg_server.admin_url("postgres", "postgresql"), autocommit=True) as connection:
            connection.execute(f"create database {name}")
        return Settings(home=tmp_path_factory.mktemp("home"), desk_url=pg_server.admin_url(name))

    return make


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
