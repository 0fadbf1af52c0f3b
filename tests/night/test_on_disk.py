"""A large bank's tables lie on disk while a night is made of them, and it says what it says of them in memory."""

import pytest
from hand_bank import D
from night_runs import CopySettings, publish_night

from nightdesk.attempt import night_engine as engines
from nightdesk.attempt.opening import open_night, resume_night
from nightdesk.night.whole import NightResult
from nightdesk.settings import Settings

_TABLES = "spill-*/tables.duckdb"


@pytest.mark.parametrize(("few_clients", "is_on_disk"), [(9, True), (10, False)])
def test_given_ten_clients_then_more_than_a_few_have_their_tables_on_disk(
    monkeypatch: pytest.MonkeyPatch,
    second_night: tuple[Settings, NightResult],
    copy_of: CopySettings,
    few_clients: int,
    *,
    is_on_disk: bool,
) -> None:
    settings = copy_of(second_night[0])
    monkeypatch.setattr(engines, "FEW_CLIENTS", few_clients)
    night = resume_night(settings, second_night[1].publication.attempt_id)
    assert engines.clients_of(night) == 10
    with engines.night_engine(night) as engine:
        engine.build("features.client", "select 1 as n", as_view=False)
        assert bool(list((settings.home / "work").glob(_TABLES))) == is_on_disk
    assert not list((settings.home / "work").glob(_TABLES))


def test_given_an_attempt_without_rows_yet_then_it_has_no_clients(
    first_night: tuple[Settings, NightResult], copy_of: CopySettings, ten_source: str
) -> None:
    assert engines.clients_of(open_night(copy_of(first_night[0]), D, source=ten_source)) == 0


def test_given_a_night_made_in_memory_when_it_is_made_on_disk_then_nothing_of_it_is_new(
    monkeypatch: pytest.MonkeyPatch,
    second_night: tuple[Settings, NightResult],
    copy_of: CopySettings,
    ten_source: str,
) -> None:
    monkeypatch.setattr(engines, "FEW_CLIENTS", 0)
    again = publish_night(copy_of(second_night[0]), D, ten_source)
    assert not again.is_new
    # the same attempt stands: what later nights read is equal too
    assert again.publication == second_night[1].publication
