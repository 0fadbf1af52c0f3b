"""How much of a list two pages of A4 hold: estimated from its letters, as no printer can be asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor
from unicodedata import east_asian_width

from nightdesk.render.branch_card import Card, Line
from nightdesk.render.branch_model import BranchView

#: what is always shown: rows of a short list, clients in one line each, clients not assessed
NEWS = 4
LEAST_ROWS = 12
UNKNOWN = 6
#: lines of a card that page one has room for beside its head, and what such a line holds
PAGE_ONE = 60
LETTERS = 128
#: letters of a card's head that one line holds
HEAD_LETTERS = 110
#: lines of a card that a row of a table, and of a short list, is high
_ROW, _SHORT = 1.25, 1.15
#: lines that a whole sentence takes at most: as a row of the table, and in a short list, which is a third as wide
_SENTENCE, _NARROW_SENTENCE = 2, 3
#: rows of the table that page two has room for, and what else stands on it takes of them: a heading, a line of a short
#: list, the clients of whom there is nothing to say, a line of the notes and of the foot, and the letters of those
PAGE_TWO = 60
_HEADING, _LISTED, _OTHERS, _NOTE, _FOOT = 1.6, 0.92, 3.5, 0.78, 0.69
_NOTE_LETTERS = 140


@dataclass(frozen=True)
class Paper:
    """How many rows go on paper: of each short list of page one (`news`) and of page two (`beside`), and of the clients
    not assessed. `left_out`: the numbers of the cards of `rest` that there is no room for, those with something late
    last of all. `is_two_pages`: page one holds what decides, so that the rest can begin on page two. `is_open_first`,
    `is_open_second`: that page has room for whole sentences; else each row is one line, cut where it ends.
    """

    left_out: frozenset[int]
    news: int
    beside: int
    unknown: int
    is_two_pages: bool
    is_open_first: bool
    is_open_second: bool


def paper_of(view: BranchView) -> Paper:
    """What is printed. No red client is ever left out; room that the cards leave goes to the short lists."""
    least = NEWS - bool(view.reds)
    decided = _decided(view)
    over = max(decided + least * _SHORT - PAGE_ONE, 0)
    news = least if over else max(least, _grown(least, PAGE_ONE - decided, (view.changes, view.late, view.cleared)))
    room = PAGE_TWO - over / _ROW - _told(view)
    lists = sum(
        _HEADING + _LISTED * min(shown, least)
        for shown in (max(len(view.handled), len(view.tier_changes), 2 * bool(view.later_count)), len(view.held_back))
        if shown
    )
    unknown = min(len(view.not_assessed), UNKNOWN)
    lists += _HEADING + _LISTED * unknown if unknown else 0
    rest = max(floor(room - lists - 2 * _HEADING), LEAST_ROWS)
    spare = max(room - lists - 2 * _HEADING - len(view.rest), 0) / _LISTED
    beside = least + floor(spare / 3)
    longest = min(news, max(len(view.changes), len(view.late), len(view.cleared), 1))
    first = decided + (_SENTENCE - 1) * _ROW * len(view.reds) + _NARROW_SENTENCE * longest * _SHORT
    second = _SENTENCE * (len(view.rest) + lists) + 2 * _HEADING
    beyond = max(first - PAGE_ONE, 0) / _ROW if over else 0  # what page one has no room for stands on page two
    return Paper(
        _left_out(view.rest, rest),
        news,
        beside,
        UNKNOWN + floor(spare / 3),
        not over,
        is_open_first=first <= PAGE_ONE or (bool(over) and second + beyond <= room),
        is_open_second=second + beyond <= room,
    )


def _left_out(cards: Sequence[Card], room: int) -> frozenset[int]:
    by_late = sorted(cards, key=lambda card: not card.is_late)
    return frozenset(card.number for card in by_late[room:])


def _grown(least: int, room: float, lists: Sequence[Sequence[object]]) -> int:
    longest = max(len(rows) for rows in lists)
    # a list that is longer than the room says so in a line
    return longest if longest * _SHORT <= room else max(least, floor(room / _SHORT) - 1)


def _decided(view: BranchView) -> float:
    """Lines of a card that the cards and red clients take."""
    reds = _ROW * len(view.reds) + 2 if view.reds else 0
    return sum(_card_lines(card) for card in view.must_do) + reds


def _told(view: BranchView) -> float:
    """Rows that the end of page two takes, which is always printed."""
    notes = sum(_width(f"{fact.label}{fact.value}") + 5 for fact in view.notes)
    foot = sum(ceil(_width(said) / _NOTE_LETTERS) for said in (view.answering, *view.said)) + 2
    return _OTHERS + _HEADING + _NOTE * ceil(notes / _NOTE_LETTERS) + _FOOT * foot


def _card_lines(card: Card) -> float:
    told = [_line(line) for line in card.shown]
    asked = [" ".join((one.when, one.role, one.words)) for one in card.todo]
    if asked:
        asked[-1] += card.more
    said = [*told, *asked, *([card.named] if card.named else [])]
    # name, colour and owner stand beside what the head says of the client
    head = _width(f"{card.client.name}{card.tier_label}{card.exposure}{card.watched}{card.place}{card.decided}")
    return 1.6 + head // HEAD_LETTERS + sum(1 + _width(text) // LETTERS for text in said)


def _line(line: Line) -> str:
    """All that a line of a card says, its marks too."""
    marks = (line.change_label, line.age, line.unproven, line.escalated, line.code)
    return " ".join((line.name, line.subject, line.reason, *marks))


def _width(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
