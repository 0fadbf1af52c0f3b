"""One bank, two nights, run once for all tests that only read them or go on from a copy."""

import datetime
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hand_bank import Bank, D, days_back, deciding_bank, mailing_bank, reviewing_bank, ten_clients, write_sqlite
from made_once import made_once, shared_cache

from nightdesk.attempt.opening import ledgered, open_night, resume_night
from nightdesk.night.answers import take_mailbox
from nightdesk.night.checking import check
from nightdesk.night.computing import compute
from nightdesk.night.extraction import extract
from nightdesk.night.mailing import send_lists
from nightdesk.night.page_kind import kinds
from nightdesk.night.pages import render_branches, render_pages, show_revision
from nightdesk.night.publishing import publish
from nightdesk.night.stepping import step
from nightdesk.night.whole import NightResult, run_night
from nightdesk.settings import Settings
from nightdesk.steps import COMPUTED

MakeSettings = Callable[[], Settings]
CopySettings = Callable[[Settings], Settings]
#: runs the night of D of a source
RunNight = Callable[[Settings, str], NightResult]


@pytest.fixture(scope="session")
def fresh_settings(
    new_desk: Callable[..., str], shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> MakeSettings:
    """A home and a desk database of its own at each call, and what is worked out of sql/ shared with the whole run.

    On one thread: the run has a process for each core. `with_hands` gives a night the two that a bank's has.
    """

    def make() -> Settings:
        home = tmp_path_factory.mktemp("home")
        (home / "cache").symlink_to(shared_cache(shared), target_is_directory=True)
        return Settings(home=home, desk_url=new_desk(), threads=1)

    return make


def with_hands(settings: Settings) -> Settings:
    """The same with two threads: models are built, and batches written, two at once."""
    return settings.model_copy(update={"threads": 2})


class TwoNights:
    """The ten-client bank after the nights of the day before D (not mailed) and of D (mailed)."""

    def __init__(self, settings: Settings, source: str, nights: tuple[NightResult, NightResult]) -> None:
        self.settings, self.source = settings, source
        self.first, self.second = nights


def publish_night(settings: Settings, day: datetime.date, source: str, profile: str | None = None) -> NightResult:
    """A night up to its publication, by the steps that the DAG's tasks call: no page of it is made."""
    night = open_night(settings, day, profile=profile, source=source)
    with ledgered(night):
        take_mailbox(night)
        rows = {"extract": sum(extract(night, source).values()), "check": check(night)}
        for layer in COMPUTED:
            rows[layer] = sum(compute(night, layer).values())
        published, is_new = publish(night)
    return NightResult(published, is_new, rows, [])


def show_night(
    settings: Settings, day: datetime.date, source: str, *wanted: str, profile: str | None = None
) -> NightResult:
    """The same, and of its pages those that a test looks at: `lists`, and others by their kind."""
    done = publish_night(settings, day, source, profile)
    if "lists" in wanted:
        render_branches(settings, done.publication)
    render_pages(settings, done.publication, {kind: kinds()[kind] for kind in wanted if kind != "lists"})
    show_revision(settings, done.publication)
    return done


@pytest.fixture(scope="session")
def ten_source(shared: Path) -> str:
    """The ten-client bank, only to be read."""
    return made_once(shared, "ten", lambda folder: write_sqlite(ten_clients(), folder / "bank.db"))


@pytest.fixture(scope="session")
def second_night(
    shared: Path, first_night: tuple[Settings, NightResult], ten_source: str, copy_of: CopySettings
) -> tuple[Settings, NightResult]:
    """The night of D after that of the day before, published and not mailed, of all processes; only to be copied."""

    def make(_: Path) -> tuple[Settings, NightResult]:
        settings = copy_of(first_night[0])
        return settings, run_night(with_hands(settings), D, source=ten_source)

    return made_once(shared, "second_night", make)


@pytest.fixture(scope="session")
def two_nights(
    shared: Path,
    first_night: tuple[Settings, NightResult],
    second_night: tuple[Settings, NightResult],
    ten_source: str,
    copy_of: CopySettings,
) -> TwoNights:
    """As of this process, only to be read or copied."""

    def make(_: Path) -> tuple[Settings, NightResult]:
        settings, done = copy_of(second_night[0]), second_night[1]
        with step(resume_night(settings, done.publication.attempt_id), "send") as taken:
            deliveries = send_lists(settings, done.publication)
            taken.rows = len(deliveries)
        return settings, replace(done, rows={**done.rows, "send": len(deliveries)}, deliveries=deliveries)

    settings, second = made_once(shared, "mailed_night", make)
    return TwoNights(copy_of(settings), ten_source, (first_night[1], second))


@pytest.fixture(scope="session")
def first_night(shared: Path, fresh_settings: MakeSettings, ten_source: str) -> tuple[Settings, NightResult]:
    """The night of the day before D, published and not mailed, of all processes; only to be copied."""

    def make(_: Path) -> tuple[Settings, NightResult]:
        settings = fresh_settings()
        return settings, run_night(with_hands(settings), days_back(1), source=ten_source)

    return made_once(shared, "first_night", make)


@pytest.fixture(scope="session")
def copy_of(new_desk: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> CopySettings:
    """A home and a desk database with what others have, at each call: what is done to the copy they never see."""

    def make(model: Settings) -> Settings:
        home = tmp_path_factory.mktemp("copy") / "home"
        shutil.copytree(model.home, home, symlinks=True)
        return Settings(home=home, desk_url=new_desk(model), threads=1)

    return make


@pytest.fixture(scope="session")
def night_of(
    shared: Path, fresh_settings: MakeSettings, copy_of: CopySettings
) -> Callable[[str, Bank, RunNight], tuple[Settings, str]]:
    """The night of D of a bank, by a name of all processes, and its source: as of this process, only to be read or
    copied."""

    def of(name: str, bank: Bank, run: RunNight) -> tuple[Settings, str]:
        def make(folder: Path) -> tuple[Settings, str]:
            settings, source = fresh_settings(), write_sqlite(bank, folder / "bank.db")
            run(settings, source)
            return settings, source

        settings, source = made_once(shared, name, make)
        return copy_of(settings), source

    return of


@pytest.fixture(scope="session")
def deciding_night(night_of: Callable[[str, Bank, RunNight], tuple[Settings, str]]) -> tuple[Settings, str]:
    """The night of the bank of people who decide, of whose pages there are the lists; not mailed."""
    return night_of("deciding", deciding_bank(), lambda made, source: show_night(made, D, source, "lists"))


@pytest.fixture(scope="session")
def mailing_night(night_of: Callable[[str, Bank, RunNight], tuple[Settings, str]]) -> tuple[Settings, str]:
    """The night of the bank of people who have addresses, mailed."""
    return night_of("mailing", mailing_bank(), lambda made, source: run_night(made, D, source=source, send=True))


@pytest.fixture(scope="session")
def reviewing_night(night_of: Callable[[str, Bank, RunNight], tuple[Settings, str]]) -> tuple[Settings, str]:
    """The night of the bank of people who review a project, of whose pages there are the lists and the project's; not
    mailed."""
    return night_of("reviewing", reviewing_bank(), lambda made, source: show_night(made, D, source, "lists", "esg"))


@pytest.fixture
def eve(first_night: tuple[Settings, NightResult], copy_of: CopySettings) -> Settings:
    """A home of the ten-client bank after the night of the day before D."""
    return copy_of(first_night[0])
