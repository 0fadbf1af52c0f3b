"""What published warnings were worth, against the events that followed: the nights are read, the models count."""

import datetime
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy import Engine as Database

from nightdesk.bank_profile import load_profile
from nightdesk.desk.database import open_desk
from nightdesk.desk.publication import Publication, published_between, published_profiles
from nightdesk.engine import Engine
from nightdesk.errors import UsageError
from nightdesk.models import build, ordered
from nightdesk.policy import policy, register_policy
from nightdesk.reading.evaluated import (
    EVENT,
    NIGHT,
    known_clients,
    last_of_each_month,
    month_of,
    months_between,
    policy_versions,
    register_nights,
)
from nightdesk.reading.reconstructed import reconstructed_nights
from nightdesk.reading.truth_file import Truth, events_of, read_truth, refuse_unknown
from nightdesk.render.evaluation_figures import EvaluationInput
from nightdesk.settings import Settings

#: what is asked, as models (sql/warnings/backtest); no kept table reads them, so that no night builds them
_ASKED = (
    "warnings_backtest.measure_figure",
    "warnings_backtest.colour_share",
    "warnings_backtest.lead_band",
    "warnings_backtest.population",
)
_DERIVED = "warnings_backtest.default_event"


def evaluate(
    settings: Settings,
    first: datetime.date,
    last: datetime.date,
    truth: Path | None = None,
    profile: str | None = None,
) -> EvaluationInput:
    """Every figure over the last published night of each month of a range.

    Events are those of a truth file or, without one, what the nights themselves say of defaults. Raises UsageError when
    the range has no published night, or the file cannot be used.
    """
    if first > last:
        raise UsageError(f"--from {first} lies after --to {last}", "Name the earlier date first.")
    truths = read_truth(truth) if truth else None
    desk = open_desk(settings)
    try:
        with desk.connect() as connection:
            published, profile = _published(connection, settings, first, last, profile)
        nights = last_of_each_month(published)
        return _evaluated(settings, desk, nights, (first, last), (truth, truths), profile)
    finally:
        desk.dispose()


def _published(
    connection: Connection, settings: Settings, first: datetime.date, last: datetime.date, profile: str | None
) -> tuple[list[Publication], str]:
    """The published nights of a range: of the named profile, of the only one that has any, or of the set one."""
    if profile is None:
        profiles = published_profiles(connection, first, last)
        profile = profiles[0] if len(profiles) == 1 else settings.profile
    found = published_between(connection, profile, first, last)
    if not found:
        ever = published_between(connection, profile, datetime.date.min, datetime.date.max)
        reach = f"Its nights lie from {ever[0].business_date} to {ever[-1].business_date}" if ever else "It has none"
        raise UsageError(
            f"there is no published night of the profile {profile!r} from {first} to {last}",
            f"{reach}: name other dates or another --profile, or run nights (nightdesk backfill --from {first}).",
        )
    return found, profile


def _evaluated(
    settings: Settings,
    desk: Database,
    nights: list[Publication],
    asked: tuple[datetime.date, datetime.date],
    told: tuple[Path | None, list[Truth] | None],
    profile: str,
) -> EvaluationInput:
    path, truths = told
    as_of = nights[-1].business_date
    tables = policy(profile)
    numbers = {str(row["setting"]): row["value"] for row in tables["evaluation_setting"].effective(as_of)}
    with desk.connect() as connection:
        reconstructed = reconstructed_nights(
            connection, profile, as_of, int(str(numbers["live_days"])), load_profile(settings, profile).zone
        )
    work = settings.home / "work"
    work.mkdir(parents=True, exist_ok=True)
    with Engine(memory_limit=settings.memory_limit, threads=settings.threads, spill=work) as engine:
        register_nights(engine, settings, desk, nights)
        engine.insert("evaluated.reconstructed_night", NIGHT, [{"night": night} for night in reconstructed])
        reads = {table for model in ordered([*_ASKED, _DERIVED]) for table in model.reads}
        register_policy(
            engine, as_of, profile, sorted(t.removeprefix("policy.") for t in reads if t.startswith("policy."))
        )
        if path is not None and truths is not None:
            named = {truth.client_id for truth in truths}
            refuse_unknown(path, truths, known_clients(engine, settings, desk, nights, named))
            engine.insert("evaluated.event", EVENT, events_of(truths))
        else:
            build(engine, [_DERIVED])
            engine.build("evaluated.event", f"select * from {_DERIVED}", as_view=True)
        build(engine, _ASKED)
        figures, shares, bands, population = (engine.rows(f"select * from {name} order by all") for name in _ASKED)
    return EvaluationInput(
        profile=profile,
        date_from=asked[0],
        date_to=asked[1],
        nights=[{"night": night.business_date, "revision": night.revision} for night in nights],
        months_without_night=tuple(
            sorted({*months_between(*asked)} - {month_of(night.business_date) for night in nights})
        ),
        is_from_truth=truths is not None,
        policy_versions=policy_versions(desk, nights),
        reconstructed=len(reconstructed),
        settings=numbers,
        population=population[0],
        measures=figures,
        shares=shares,
        bands=bands,
        indicator_names={
            str(row["indicator"]): {"zh_CN": str(row["name_zh"]), "en": str(row["name_en"])}
            for row in tables["indicator_text"].effective(as_of)
        },
        unproven=frozenset(str(row["indicator"]) for row in tables["indicator"].effective(as_of) if row["is_unproven"]),
    )
