"""Demo banks of several seeds, the first night of each up to its colours, and what those come to."""

import datetime
import shutil
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from nightdesk import pg
from nightdesk.attempt.inputs import Inputs
from nightdesk.attempt.night_engine import night_engine
from nightdesk.attempt.opening import Night, ledgered, open_night, source_url
from nightdesk.models import declared_columns
from nightdesk.night.checking import check
from nightdesk.night.computing import compute
from nightdesk.night.extraction import extract
from nightdesk.settings import Settings
from nightdesk_lab.demo_bank import generate
from nightdesk_lab.pyramid.counting import Counted, Pyramid, counted, read_told

#: up to the colours: what tiers, pages and lists make of them takes as long again
_LAYERS = ("features", "warnings")
#: who owes what is written off and has nothing else in the books; whose group owes more, or who stands surety for
#: others, has money of the bank at risk all the same
_WRITTEN_OFF = """
select signal.client_id
from warnings.signal as signal
inner join features.client_exposure as exposure on signal.client_id = exposure.client_id
where
    signal.band = 'written_off' and exposure.exposure_amt = 0
    and signal.client_id not in (select guarantor_client_id from source.guarantee)
    and not exists (
        select 1
        from source.client as own
        inner join source.client as other on own.group_id = other.group_id
        inner join features.client_exposure as owed on other.client_id = owed.client_id
        where own.client_id = signal.client_id and coalesce(owed.exposure_amt > 0, true)
    )
"""


@dataclass(frozen=True)
class Banks:
    """What the banks are: all alike but for their seeds; the night is that of their last day."""

    clients: int
    months: int
    until: datetime.date


def run_pyramid(
    settings: Settings, banks: Banks, seeds: Sequence[int], say: Callable[[str], None] = lambda _line: None
) -> Pyramid:
    """Make a bank of each seed and run the first night of each; below `<home>/pyramid`, emptied before.

    Raises NightdeskError when a bank cannot be made or its night fails.
    """
    nights = []
    for seed in seeds:
        home = settings.home / "pyramid" / f"seed_{seed}"
        if home.exists():
            pg.remove(home)
            shutil.rmtree(home)
        say(f"seed {seed}: {banks.clients:,} clients, {banks.months} months, the night of {banks.until}")
        try:
            nights.append(_night(Settings(home=home), banks, seed))
        finally:
            pg.stop(home)
    return Pyramid(nights)


def _night(settings: Settings, banks: Banks, seed: int) -> Counted:
    truth = settings.home / "truth.csv"
    generate(
        source_url(settings),
        clients=banks.clients,
        months=banks.months,
        until=banks.until,
        seed=seed,
        truth=truth,
    )
    with ExitStack() as whole:
        night = open_night(settings, banks.until, whole=whole)
        with ledgered(night):
            extract(night)
            check(night)
            for layer in _LAYERS:
                compute(night, layer)
        return _counted(night, truth, seed)


def _counted(night: Night, truth: Path, seed: int) -> Counted:
    with night_engine(night) as engine:
        inputs = Inputs(night, engine)
        for name in ("warning", "deciding", "signal"):
            inputs.kept(f"warnings/{name}", declared_columns("warnings")[name])
        inputs.kept("features/client_exposure", declared_columns("features")["client_exposure"])
        inputs.source("client")
        inputs.source("guarantee")
        warning = engine.rows("select client_id, colour from warnings.warning")
        deciding = engine.rows("select client_id, rule, subject from warnings.deciding")
        signal = engine.rows("select client_id, indicator, severity from warnings.signal")
        gone = engine.rows(_WRITTEN_OFF)
        companies = engine.rows("select client_id from source.client where is_spv")
    return counted(
        seed,
        warning,
        deciding,
        signal,
        [row["client_id"] for row in companies],
        read_told(truth, night.business_date),
        {row["client_id"] for row in gone},
    )
