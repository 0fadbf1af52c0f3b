"""The drawings of the evaluation page: places and sizes, worked out beforehand so that the template only prints."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from nightdesk.render.evaluation_figures import Band, Evaluation, Measured, Pyramid

#: the width of every drawing, in its own units: about that of a phone, so that its letters can be read there
WIDTH = 360
#: colours that a pyramid shows: its tip; the rest is what is left over
TIP = ("red", "orange", "amber")
_LEFT, _PLOT, _TOP = 42, 130, 14


@dataclass(frozen=True)
class Bar:
    """A rectangle; `tone` is its class, `value` what it stands for, `label` the text under it."""

    x: Decimal
    y: Decimal
    width: Decimal
    height: Decimal
    tone: str
    value: str
    label: str = ""


@dataclass(frozen=True)
class Tick:
    """A line of the scale and its text."""

    at: Decimal
    label: str


@dataclass(frozen=True)
class Bars:
    """Bars over a base line, with the scale at their left and texts under it."""

    bars: list[Bar]
    ticks: list[Tick]
    labels: list[Tick]
    base: int
    height: int


@dataclass(frozen=True)
class Interval:
    """A share as a point with its interval, one row of the drawing."""

    code: str
    y: int
    low: Decimal
    at: Decimal
    high: Decimal
    said: str
    is_useless: bool


@dataclass(frozen=True)
class Intervals:
    """Shares under one scale of percent, and where the base rate lies."""

    rows: list[Interval]
    ticks: list[Tick]
    base_rate: Decimal | None
    height: int


def lead_plot(bands: Sequence[Band], evaluation: Evaluation, band_days: int, horizon_days: int) -> Bars | None:
    """Events by how early an amber warning stood before them, with and without arrears, those without one at the end;
    None where there was no event."""
    kinds = {"colour": evaluation.colours, "colour_without_arrears": evaluation.colours_without_arrears}
    missed = {kind: next((one.lead.undetected for one in found), 0) for kind, found in kinds.items()}
    counts = {(band.kind, band.from_days): band.events for band in bands if band.code == "amber"}
    most = max([0, *counts.values(), *missed.values()])
    if not most:
        return None
    starts = list(range(0, horizon_days + 1, band_days))
    step = Decimal(WIDTH - _LEFT) / (len(starts) + 2)
    wide = step * Decimal("0.4")
    bars, labels = [], []
    for place, start in enumerate([*starts, None]):
        left = _LEFT + step * (place + (1 if start is None else 0))
        for number, kind in enumerate(kinds):
            n = missed[kind] if start is None else counts.get((kind, start), 0)
            tall = Decimal(_PLOT) * n / most
            if n:
                bars.append(_bar(left + wide * number, tall, wide, "with" if not number else "without", str(n)))
        if start is not None and place % 3 == 0:
            labels.append(Tick(_tenth(left + wide), f"{start}{'+' if start == starts[-1] else ''}"))
    labels.append(Tick(_tenth(left + wide), "missed"))
    return Bars(bars, _scale(most), labels, _TOP + _PLOT, _TOP + _PLOT + 34)


def pyramid_plot(pyramid: Pyramid) -> Bars | None:
    """The tip of each month's pyramid as stacked bars; None where there is no month."""
    if not pyramid.months:
        return None
    tips = [[month.share_pct.get(colour, Decimal(0)) for colour in TIP] for month in pyramid.months]
    most = max([Decimal(1), *(sum(tip, Decimal(0)) for tip in tips)])
    step = min(Decimal(WIDTH - _LEFT) / len(tips), Decimal(40))
    bars, labels = [], []
    for place, (month, tip) in enumerate(zip(pyramid.months, tips, strict=True)):
        left, below = _LEFT + step * place, Decimal(0)
        for colour, share in zip(TIP, tip, strict=True):
            tall = _PLOT * share / most
            if share:
                said = f"{month.night:%Y-%m} {share}%"
                bars.append(_bar(left, tall, step * Decimal("0.8"), colour, said, below))
            below += tall
        if _is_named(month.night, place, len(tips)):
            middle = min(left + step * Decimal("0.4"), Decimal(WIDTH - 14))
            labels.append(Tick(_tenth(middle), f"{month.night:%y-%m}"))
    return Bars(bars, _scale(most, "%"), labels, _TOP + _PLOT, _TOP + _PLOT + 22)


def _is_named(night: date, place: int, months: int) -> bool:
    """Few months or quarters' ends have their names under them, so that these do not run together."""
    return months <= 8 or (night.month % 3 == 0 if months <= 24 else night.month == 12) or (months < 12 and place == 0)


def precision_plot(indicators: Sequence[Measured], base_rate: Decimal | None) -> Intervals | None:
    """Precision of each indicator that fired with a whole horizon after it, the most precise first."""
    known = sorted(
        (one for one in indicators if one.precision.n), key=lambda one: (-(one.precision.pct or Decimal(0)), one.code)
    )
    if not known:
        return None
    rows = []
    for place, one in enumerate(known):
        share = one.precision
        low, at, high = (_across(pct) for pct in (share.low_pct, share.pct, share.high_pct) if pct is not None)
        rows.append(
            Interval(one.code, _TOP + 10 + place * 18, low, at, high, str(share), is_useless=one.use == "no_help")
        )
    ticks = [Tick(_across(Decimal(pct)), f"{pct}%") for pct in (0, 25, 50, 75, 100)]
    at_base = None if base_rate is None else _across(base_rate)
    return Intervals(rows, ticks, at_base, _TOP + 18 * len(known) + 26)


def _across(pct: Decimal) -> Decimal:
    return _tenth(_LEFT + 6 + (WIDTH - _LEFT - 24) * pct / 100)


def _bar(x: Decimal, tall: Decimal, wide: Decimal, tone: str, value: str, below: Decimal = Decimal(0)) -> Bar:
    return Bar(_tenth(x), _tenth(_TOP + _PLOT - below - tall), _tenth(wide), _tenth(tall), tone, value)


def _scale(most: Decimal | int, unit: str = "") -> list[Tick]:
    """Nothing, and the most."""
    top = f"{Decimal(most).quantize(Decimal('0.1')) if unit else most}{unit}"
    return [Tick(Decimal(_TOP + _PLOT), f"0{unit}"), Tick(Decimal(_TOP), top)]


def _tenth(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"))
