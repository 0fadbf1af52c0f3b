"""Drawings as plain shapes: places and sizes are worked out here, so that a template only prints them as SVG.

A tone is a name that the template has a colour for: nothing here knows one. Shapes come in the order in which they lie.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

#: the width of every drawing, in its own units: about that of a phone, so that its letters can be read there
WIDTH = 360
LEFT, RIGHT, TOP, PLOT = 34, 8, 12, 130
#: where the days or values of a drawing begin and end
FIRST, LAST = LEFT, WIDTH - RIGHT
BASE = TOP + PLOT
_KEY_LINE = 17


@dataclass(frozen=True)
class Stroke:
    """A line through points, `x,y x,y ...`."""

    points: str
    tone: str
    is_dashed: bool = False
    kind: str = "stroke"


@dataclass(frozen=True)
class Dot:
    """A point, and what it says."""

    x: Decimal
    y: Decimal
    tone: str
    says: str
    is_hollow: bool = False
    kind: str = "dot"


@dataclass(frozen=True)
class Box:
    """A rectangle, and what it says."""

    x: Decimal
    y: Decimal
    width: Decimal
    height: Decimal
    tone: str
    says: str
    kind: str = "box"


@dataclass(frozen=True)
class Word:
    """A text at a place; `anchor` is start, middle or end."""

    x: Decimal
    y: Decimal
    text: str
    anchor: str = "middle"
    kind: str = "word"


@dataclass(frozen=True)
class Key:
    """What a tone stands for; `mark` is stroke, dashed, dot or box."""

    tone: str
    label: str
    mark: str = "stroke"


@dataclass(frozen=True)
class Drawing:
    """Shapes on a ground of WIDTH by `height`."""

    height: int
    shapes: tuple[Stroke | Dot | Box | Word, ...]


def keyed(height: int, shapes: Sequence[Stroke | Dot | Box | Word], keys: Sequence[Key]) -> Drawing:
    """A drawing with what its tones stand for under it, two in a line where they are short."""
    found, x, y = list(shapes), Decimal(FIRST), Decimal(height)
    for key in keys:
        wide = 30 + _wide(key.label)
        if x > FIRST and x + wide > LAST:
            x, y = Decimal(FIRST), y + _KEY_LINE
        middle = y + 8
        if key.mark == "dot":
            found.append(Dot(x + 9, middle, key.tone, key.label, is_hollow=True))
        elif key.mark == "box":
            found.append(Box(x + 3, middle - 4, Decimal(12), Decimal(8), key.tone, key.label))
        else:
            found.append(line([(x, middle), (x + 18, middle)], key.tone, is_dashed=key.mark == "dashed"))
        found.append(Word(x + 23, middle + 4, key.label, "start"))
        x += wide
    return Drawing(int(y) + _KEY_LINE + 2, tuple(found))


def _wide(text: str) -> int:
    """How much room a text takes at most: what sets it is not known here."""
    return sum(7 if ord(letter) < 0x2E80 else 12 for letter in text)


@dataclass(frozen=True)
class Days:
    """A scale of days from one to another, over the width of a drawing."""

    first: date
    last: date

    def at(self, day: date) -> Decimal:
        """Where a day lies; one before or after the scale at its end."""
        whole = max((self.last - self.first).days, 1)
        gone = min(max((day - self.first).days, 0), whole)
        return tenth(Decimal(FIRST) + Decimal(LAST - FIRST) * gone / whole)

    def words(self, below: int) -> tuple[Word, ...]:
        """The years, or in a scale of up to two years the quarters, under the base; of a short one its two ends."""
        is_long = (self.last - self.first).days > 800
        days = [
            date(year, month, 1)
            for year in range(self.first.year, self.last.year + 1)
            for month in ((1,) if is_long else (1, 4, 7, 10))
            if self.first <= date(year, month, 1) <= self.last
        ]
        days = days if len(days) > 1 else [self.first, self.last]
        every = -(-len(days) // 6)
        return tuple(
            Word(min(max(self.at(day), Decimal(FIRST + 10)), Decimal(LAST - 16)), Decimal(below), f"{day:%Y-%m}")
            for day in days[::every]
        )


@dataclass(frozen=True)
class Scale:
    """A scale of values from nothing to the most, over the height of a plot."""

    most: Decimal

    def at(self, value: Decimal) -> Decimal:
        """Where a value lies; one beyond the scale at its end."""
        share = min(max(value, Decimal(0)), self.most) / self.most if self.most else Decimal(0)
        return tenth(Decimal(BASE) - PLOT * share)

    def shapes(self, unit: str = "") -> tuple[Stroke | Word, ...]:
        """Three lines and their values at the left."""
        found: list[Stroke | Word] = []
        for share in (Decimal(0), Decimal("0.5"), Decimal(1)):
            y = self.at(self.most * share)
            found += [
                Stroke(f"{FIRST},{y} {LAST},{y}", "rule"),
                Word(Decimal(LEFT - 4), y + 4, f"{shown(self.most * share)}{unit}", "end"),
            ]
        return tuple(found)


@dataclass(frozen=True)
class Part:
    """A part of a bar: how long it is, and what it says."""

    tone: str
    value: Decimal
    says: str


@dataclass(frozen=True)
class Bars:
    """What a label stands over: bars under each other, each in parts, and what each of them comes to."""

    label: str
    bars: tuple[tuple[Part, ...], ...]
    sums: tuple[str, ...]


_BAR, _LABEL, _GAP = 9, 16, 5


def bar_lines(lines: Sequence[Bars], most: Decimal) -> tuple[int, list[Stroke | Dot | Box | Word]]:
    """Lines of bars that lie, their labels above them, sums at their ends, and the height that they need."""
    found: list[Stroke | Dot | Box | Word] = []
    # at the end of the longest bar the longest sum still has to stand
    ends = max((_wide(total) for one in lines for total in one.sums), default=0)
    y, width = Decimal(4), Decimal(LAST - FIRST - _GAP - ends)
    for one in lines:
        found.append(Word(Decimal(FIRST), y + 11, one.label, "start"))
        y += _LABEL
        for parts, total in zip(one.bars, one.sums, strict=True):
            x = Decimal(FIRST)
            for part in parts:
                long = tenth(width * min(max(part.value, Decimal(0)), most) / most) if most else Decimal(0)
                if long:
                    found.append(Box(x, y, long, Decimal(_BAR), part.tone, part.says))
                x += long
            found.append(Word(x + _GAP, y + 9, total, "start"))
            y += _BAR + 3
        y += 4
    return int(y), found


def line(places: Sequence[tuple[Decimal, Decimal]], tone: str, *, is_dashed: bool = False) -> Stroke:
    """A line through places."""
    return Stroke(" ".join(f"{x},{y}" for x, y in places), tone, is_dashed)


def upright(x: Decimal, tone: str) -> Stroke:
    """A dashed line from the base to the top."""
    return Stroke(f"{x},{TOP} {x},{BASE}", tone, is_dashed=True)


def rounded_up(value: Decimal) -> Decimal:
    """A round number that is no less: 1, 2, 4, 5 or 10 of its size."""
    if value <= 0:
        return Decimal(1)
    size = Decimal(1).scaleb(value.adjusted())
    return next(size * step for step in (1, 2, 4, 5, 10) if value <= size * step)


def shown(value: Decimal) -> str:
    """A value of a scale, as short as it goes."""
    text = f"{value.quantize(Decimal('0.1'), ROUND_HALF_UP):f}"
    return text.removesuffix(".0")


def tenth(value: Decimal) -> Decimal:
    """A place, to the tenth of a unit."""
    return value.quantize(Decimal("0.1"), ROUND_HALF_UP)
