"""What warnings were worth, as figures: rates with their intervals, lead times, shares; the same for page and JSON."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from nightdesk.render.catalogue import Language
from nightdesk.render.rows import Row, Table, as_rows, decimal_of, int_of, text_of
from nightdesk.wilson import Rate, rate

#: the gravest first; what is none of these comes after
COLOURS = ("red", "orange", "amber", "blue", "green", "no_credit", "not_assessed")
LEVELS = ("amber", "orange", "red")
POPULATIONS = ("all", "with_exposure", "with_exposure_performing")
#: what an indicator was found to be, the ones that never help last
USES = ("helps", "not_known", "no_help", "never_fired")


@dataclass(frozen=True)
class EvaluationInput:
    """What the models counted, and what they counted it of."""

    profile: str
    date_from: date
    date_to: date
    nights: Table
    months_without_night: tuple[str, ...]
    is_from_truth: bool
    policy_versions: int
    #: published nights up to the last one, whichever are evaluated, that were reconstructed
    reconstructed: int
    settings: Mapping[str, object]
    population: Row
    measures: Table
    shares: Table
    bands: Table
    indicator_names: Mapping[str, Mapping[Language, str]]
    #: codes of indicators that policy counts as unproven on the last of the nights
    unproven: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Lead:
    """Days from the opening of a warning that still stood to the event; events without one stand apart, and so do
    those whose warning opened on a night that was reconstructed."""

    detected: int
    undetected: int
    left_out: int
    p25_days: Decimal | None
    median_days: Decimal | None
    p75_days: Decimal | None
    early: Rate


@dataclass(frozen=True)
class Delay:
    """Days from the first visible one, where the truth file says it, to the warning; before it there was nothing."""

    n: int
    median_days: Decimal | None
    before_visible: int


@dataclass(frozen=True)
class Measured:
    """One way of warning: a colour at least, an indicator, a yardstick."""

    code: str
    hit: Rate
    precision: Rate
    month_precision: Rate
    false_alarm: Rate
    noise_to_signal: Decimal | None
    lead: Lead
    delay: Delay
    flagged_months: int
    episodes: int
    censored_episodes: int
    censored_followed_episodes: int
    censored_months: int
    marginal_hits: int
    use: str | None


@dataclass(frozen=True)
class Pair:
    """A dumb rule, and the colours at exactly as much work."""

    code: str
    yardstick: Measured
    colours: Measured


@dataclass(frozen=True)
class Share:
    """A colour's share of the clients: the mean of its months, and the least and greatest of them."""

    colour: str
    mean_pct: Decimal
    least_pct: Decimal
    greatest_pct: Decimal


@dataclass(frozen=True)
class MonthShares:
    """One night's pyramid: clients, and each colour's share of them."""

    night: date
    total: int
    clients: Mapping[str, int]
    share_pct: Mapping[str, Decimal]


@dataclass(frozen=True)
class Pyramid:
    """The shares of one population, over the months and in each."""

    population: str
    means: list[Share]
    months: list[MonthShares]


@dataclass(frozen=True)
class Band:
    """Events that were led by so many days, from `from_days` on."""

    kind: str
    code: str
    from_days: int
    events: int


@dataclass(frozen=True)
class Evaluation:
    """All figures. Never a pass mark: nothing in it says what is good enough."""

    base_rate: Rate
    colours: list[Measured]
    colours_without_arrears: list[Measured]
    indicators: list[Measured]
    pairs: list[Pair]
    pyramids: list[Pyramid]
    bands: list[Band]


def evaluation_of(source: EvaluationInput) -> Evaluation:
    """The figures of what was counted."""
    confidence = Decimal(str(source.settings["confidence_pct"]))
    by_kind: dict[str, dict[str, Measured]] = {}
    for row in as_rows(source.measures):
        by_kind.setdefault(str(row["kind"]), {})[str(row["code"])] = _measured(row, confidence)
    indicators = sorted(by_kind.get("indicator", {}).values(), key=lambda one: (USES.index(one.use or ""), one.code))
    return Evaluation(
        base_rate=rate(_n(source.population, "followed_months"), _n(source.population, "complete_months"), confidence),
        colours=_levels(by_kind.get("colour", {})),
        colours_without_arrears=_levels(by_kind.get("colour_without_arrears", {})),
        indicators=indicators,
        pairs=[
            Pair(code, yardstick, by_kind["same_workload"][code])
            for code, yardstick in sorted(by_kind.get("yardstick", {}).items())
        ],
        pyramids=[_pyramid(name, as_rows(source.shares)) for name in POPULATIONS],
        bands=[
            Band(str(row["kind"]), str(row["code"]), _n(row, "from_days"), _n(row, "events"))
            for row in as_rows(source.bands)
        ],
    )


def twin_of(source: EvaluationInput, evaluation: Evaluation) -> dict[str, object]:
    """The same figures for machines: decimals as strings, dates in ISO."""
    told: dict[str, object] = {
        "profile": source.profile,
        "from": source.date_from,
        "to": source.date_to,
        "nights": as_rows(source.nights),
        "months_without_night": source.months_without_night,
        "events_from": "truth_file" if source.is_from_truth else "published_nights",
        "is_calibrated": False,
        "policy_versions": source.policy_versions,
        "reconstructed_nights": source.reconstructed,
        "settings": source.settings,
        "population": source.population,
        "unproven_indicators": sorted(source.unproven),
        **asdict(evaluation),
    }
    return {name: _plain(value) for name, value in told.items()}


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def _n(row: Row, name: str) -> int:
    return int_of(row, name) or 0


def _levels(found: Mapping[str, Measured]) -> list[Measured]:
    return [found[level] for level in LEVELS if level in found]


def _measured(row: Row, confidence: Decimal) -> Measured:
    def share(k: int, n: int) -> Rate:
        return rate(k, n, confidence)

    events, hits, detected, left_out = (_n(row, name) for name in ("events", "hits", "detected", "left_out"))
    quiet, false_months = _n(row, "quiet_months"), _n(row, "false_months")
    complete_flagged = _n(row, "flagged_months") - _n(row, "censored_months")
    return Measured(
        code=str(row["code"]),
        hit=share(hits, events),
        precision=share(_n(row, "followed_episodes"), _n(row, "complete_episodes")),
        month_precision=share(complete_flagged - false_months, complete_flagged),
        false_alarm=share(false_months, quiet),
        noise_to_signal=_quotient(false_months * events, quiet * hits),
        lead=Lead(
            detected=detected,
            undetected=events - detected - left_out,
            left_out=left_out,
            p25_days=decimal_of(row, "lead_p25_days"),
            median_days=decimal_of(row, "lead_median_days"),
            p75_days=decimal_of(row, "lead_p75_days"),
            early=share(_n(row, "early"), detected),
        ),
        delay=Delay(
            n=_n(row, "with_visible_day"),
            median_days=decimal_of(row, "delay_median_days"),
            before_visible=_n(row, "before_visible"),
        ),
        flagged_months=_n(row, "flagged_months"),
        episodes=_n(row, "episodes"),
        censored_episodes=_n(row, "censored_episodes"),
        censored_followed_episodes=_n(row, "censored_followed_episodes"),
        censored_months=_n(row, "censored_months"),
        marginal_hits=_n(row, "marginal_hits"),
        use=text_of(row, "use"),
    )


def _quotient(above: int, below: int) -> Decimal | None:
    return (Decimal(above) / below).quantize(Decimal("0.001"), ROUND_HALF_UP) if below else None


def colour_order(colours: Iterable[str]) -> list[str]:
    """Colours, the gravest first; codes that this version does not know last."""
    return sorted(colours, key=lambda one: (COLOURS.index(one) if one in COLOURS else len(COLOURS), one))


def _pyramid(population: str, shares: Sequence[Row]) -> Pyramid:
    rows = [row for row in shares if row["population"] == population]
    by_night: dict[date, dict[str, Row]] = {}
    for row in rows:
        by_night.setdefault(row["night"], {})[str(row["colour"])] = row  # type: ignore[arg-type]
    colours = colour_order({str(row["colour"]) for row in rows})
    months = [
        MonthShares(
            night=night,
            total=_n(next(iter(found.values())), "total"),
            clients={colour: _n(found[colour], "clients") for colour in colours},
            share_pct={colour: _hundredth(decimal_of(found[colour], "share_pct") or Decimal(0)) for colour in colours},
        )
        for night, found in sorted(by_night.items())
    ]
    means = []
    for colour in colours:
        of_months = [decimal_of(found[colour], "share_pct") or Decimal(0) for found in by_night.values()]
        mean = sum(of_months, Decimal(0)) / len(of_months)
        means.append(Share(colour, _hundredth(mean), _hundredth(min(of_months)), _hundredth(max(of_months))))
    return Pyramid(population, means, months)


def _hundredth(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)
