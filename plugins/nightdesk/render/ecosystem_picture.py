"""The picture of an ecosystem: who it is about in the middle, the others around, and the ties between them.

Where a client lies follows from the order in which clients are given: the same rows give the same picture.
"""

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal

from nightdesk.render.catalogue import Catalogue
from nightdesk.render.drawing import WIDTH, Box, Dot, Drawing, Key, Stroke, Word, keyed, line, tenth
from nightdesk.render.rows import Row

#: clients that are drawn beside the one in the middle: more are a list and no picture
MOST_DRAWN = 20
#: up to so many are named in the drawing, more have a number there and their name in its table
MOST_NAMED = 10
#: tone of each kind of tie, and whether its line is dashed
TONES = {
    "control": ("first", False),
    "group": ("second", True),
    "guarantee": ("limit", False),
    "supply": ("green", False),
    "payment": ("grey", True),
}
_MIDDLE_X, _MIDDLE_Y, _HEIGHT = Decimal(WIDTH) / 2, Decimal(132), 268
#: radii across and up: of two rings, between which numbered clients alternate, and of the one of named clients
_OUTER, _INNER, _NAMED = (132, 104), (86, 62), (104, 104)
#: between two lines of one pair, from a line's end to the client, and an arrow's head
_APART, _GAP, _HEAD = 4, 8, 6
Place = tuple[Decimal, Decimal]


def picture(
    middle: str,
    others: Sequence[str],
    ties: Sequence[Row],
    tones: Mapping[str, str],
    labels: Mapping[str, str],
    t: Catalogue,
) -> tuple[Drawing, Mapping[str, int]]:
    """The drawing, and by client its number in it (1 is the middle).

    `others` beyond MOST_DRAWN are left out, with their ties; of more than MOST_NAMED numbers stand in place of
    `labels`. `tones` are the clients' colours as tones.
    """
    drawn = (middle, *others[:MOST_DRAWN])
    places = _places(drawn)
    numbers = {client: number for number, client in enumerate(drawn, 1)}
    shapes: list[Stroke | Dot | Box | Word] = []
    lines: dict[tuple[str, str], int] = {}
    kinds = []
    # what two tables say of a pair is one line
    for kind, one, other in sorted({(str(tie["kind"]), str(tie["from_id"]), str(tie["to_id"])) for tie in ties}):
        if one == other or one not in places or other not in places:
            continue
        pair = (min(one, other), max(one, other))
        lines[pair] = lines.get(pair, -1) + 1
        tone, is_dashed = TONES[kind]
        shapes += _arrow(places[one], places[other], lines[pair], tone, is_dashed=is_dashed)
        kinds.append(kind)
    for client in drawn:
        x, y = places[client]
        tone = tones.get(client, "grey")
        said = labels[client] if len(drawn) <= MOST_NAMED + 1 else str(numbers[client])
        if client == middle:
            shapes.append(Box(x - 5, y - 5, Decimal(10), Decimal(10), tone, said))
        else:
            shapes += [Dot(x, y, tone, said), _beside(x, y, said)]
    for client in sorted({str(tie["from_id"]) for tie in ties if tie["from_id"] == tie["to_id"]} & places.keys()):
        x, y = places[client]
        shapes.append(Dot(x + 7, y - 7, "limit", t("ecosystem.of_itself"), True))
    keys = [Key(TONES[kind][0], t(f"tie_kind.{kind}"), "dashed" if TONES[kind][1] else "stroke") for kind in TONES]
    return keyed(_HEIGHT, shapes, [key for key, kind in zip(keys, TONES, strict=True) if kind in kinds]), numbers


def _places(drawn: Sequence[str]) -> dict[str, Place]:
    found = {drawn[0]: (_MIDDLE_X, _MIDDLE_Y)}
    around = drawn[1:]
    # of an odd number of places no two lie opposite: a line between them would run through the middle
    places = len(around) + 1 - len(around) % 2
    for at, client in enumerate(around):
        across, up = _NAMED if len(around) <= MOST_NAMED else _OUTER if at % 2 == 0 else _INNER
        angle = 2 * math.pi * at / places - math.pi / 2
        found[client] = (
            tenth(_MIDDLE_X + Decimal(across) * _exact(math.cos(angle))),
            tenth(_MIDDLE_Y + Decimal(up) * _exact(math.sin(angle))),
        )
    return found


def _exact(value: float) -> Decimal:
    """To four places, where every machine agrees."""
    return Decimal(f"{value:.4f}")


def _arrow(start: Place, end: Place, nth: int, tone: str, *, is_dashed: bool) -> list[Stroke]:
    """A line between two places with a head at its end, beside the `nth` others of the same pair."""
    away, along = _unit(start, end)
    # a pair's lines lie on fixed sides, whichever way they go
    side = away if (start, end) <= (end, start) else (-away[0], -away[1])
    shift = Decimal(((nth + 1) // 2) * _APART * (1 if nth % 2 else -1))
    begin = (start[0] + along[0] * _GAP + side[0] * shift, start[1] + along[1] * _GAP + side[1] * shift)
    stop = (end[0] - along[0] * _GAP + side[0] * shift, end[1] - along[1] * _GAP + side[1] * shift)
    back = (stop[0] - along[0] * _HEAD, stop[1] - along[1] * _HEAD)
    wings = [(back[0] + away[0] * sign * 3, back[1] + away[1] * sign * 3) for sign in (1, -1)]
    return [
        line([_near(begin), _near(stop)], tone, is_dashed=is_dashed),
        line([_near(wings[0]), _near(stop), _near(wings[1])], tone),
    ]


def _unit(start: Place, end: Place) -> tuple[Place, Place]:
    """Unit steps across and along a line."""
    x, y = end[0] - start[0], end[1] - start[1]
    length = _exact(math.hypot(float(x), float(y))) or Decimal(1)
    return (-y / length, x / length), (x / length, y / length)


def _near(place: Place) -> Place:
    return tenth(place[0]), tenth(place[1])


def _beside(x: Decimal, y: Decimal, text: str) -> Word:
    """A client's label, on the side that looks away from the middle."""
    if x > _MIDDLE_X + 20:
        return Word(x + 8, y + 4, text, "start")
    if x < _MIDDLE_X - 20:
        return Word(x - 8, y + 4, text, "end")
    return Word(x, y - 9 if y <= _MIDDLE_Y else y + 17, text)
