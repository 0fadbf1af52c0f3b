"""What a night is opened with: a cut-off after its day, and the source that is given, set, or the home's own."""

import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from nightdesk.attempt.opening import _require_after, source_url
from nightdesk.bank_profile import load_profile
from nightdesk.errors import Refused
from nightdesk.settings import Settings

D = datetime.date(2026, 3, 31)
SHANGHAI = ZoneInfo("Asia/Shanghai")
END = datetime.datetime(2026, 4, 1, tzinfo=SHANGHAI)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


@pytest.mark.parametrize("cutoff", [END, END + datetime.timedelta(seconds=1)])
def test_given_a_cut_off_from_the_end_of_the_day_on_then_it_is_taken(
    settings: Settings, cutoff: datetime.datetime
) -> None:
    _require_after(cutoff, D, load_profile(settings, None))


@pytest.mark.parametrize("cutoff", [END - datetime.timedelta(seconds=1), END - datetime.timedelta(days=1)])
def test_given_a_cut_off_within_the_day_then_it_is_refused(settings: Settings, cutoff: datetime.datetime) -> None:
    with pytest.raises(Refused, match="lies before the end of 2026-03-31"):
        _require_after(cutoff, D, load_profile(settings, None))


@pytest.mark.parametrize(
    ("given", "told", "url"),
    [
        ("sqlite:///given.db", None, "sqlite:///given.db"),
        ("sqlite:///given.db", "sqlite:///told.db", "sqlite:///given.db"),
        (None, "sqlite:///told.db", "sqlite:///told.db"),
    ],
)
def test_given_a_source_then_it_counts_before_the_one_that_is_set(
    settings: Settings, given: str | None, told: str | None, url: str
) -> None:
    assert source_url(settings.model_copy(update={"source_url": told}), given) == url
