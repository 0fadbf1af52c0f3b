"""How much of a list two pages of A4 hold: estimated from its letters, as no printer can be asked."""

from math import ceil
from unicodedata import east_asian_width

from nightdesk.render.branch_model import BranchView, Card

#: what page two holds: clients in one line each (fewer where page one has reds), rows of a short list, clients not
#: assessed
ROWS = 36
LEAST_ROWS = 12
NEWS = 4
UNKNOWN = 6
#: lines of a card that page one has room for beside its head and the short lists, and what a line of them holds
PAGE_ONE = 60
LETTERS = 128


def paper_rows(view: BranchView) -> int:
    """How many of the clients in one line each go on paper; none that is red is ever left out."""
    over = max(_used(view) - PAGE_ONE, 0)
    return max(ROWS - len(view.reds) - ceil(over), LEAST_ROWS)


def paper_news(view: BranchView) -> int:
    """How many rows of each short list go on paper."""
    return NEWS - bool(view.reds)


def is_two_pages(view: BranchView) -> bool:
    """Whether page one holds what decides, so that the rest can begin on page two; else it follows at once."""
    return _used(view) <= PAGE_ONE


def _used(view: BranchView) -> float:
    reds = len(view.reds) + 2 if view.reds else 0
    return sum(_card_lines(card) for card in view.must_do) + reds + paper_news(view)


def _card_lines(card: Card) -> float:
    told = [" ".join((line.name, line.subject, line.reason, line.change_label, line.age)) for line in card.shown]
    asked = [" ".join((one.when, one.role, one.words)) for one in card.todo]
    if asked:
        asked[-1] += card.more
    said = [*told, *asked, *([card.named] if card.named else [])]
    return 1.6 + sum(_lines(text) for text in said)


def _lines(text: str) -> int:
    letters = sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
    return 1 + letters // LETTERS
