"""What page one says of clients without a card there: what changed since the last list, what is late, who was told."""

from collections.abc import Iterable

from nightdesk.render.branch_card import Card, Line
from nightdesk.render.branch_model import News
from nightdesk.render.card_steps import name_of
from nightdesk.render.catalogue import Catalogue


def changes_of(cards: Iterable[Card], t: Catalogue) -> tuple[News, ...]:
    """Clients of whom this list tells something anew, in its order: each with what, and how it changed."""
    found = []
    for card in cards:
        told = [line for line in card.lines if line.is_told]
        for change in dict.fromkeys(line.change for line in told):
            alike = [line for line in told if line.change == change]
            names = dict.fromkeys(name_of(line.name, line.severity_label, t) for line in alike)
            found.append(News(card.client, t("list.join").join(names), alike[0].change_label, change))
    return tuple(found)


def late_of(cards: Iterable[Card], t: Catalogue) -> tuple[News, ...]:
    """Clients with something late, whoever was told first and then by how late it is: the latest line of each.

    A task that is late is not a client in arrears.
    """
    late = [(card, line) for card in cards if (line := _latest(card)) is not None]
    late.sort(key=lambda pair: (not pair[1].escalated, -(pair[1].late_days or 0), pair[0].number))
    return tuple(_told(card, line, t) for card, line in late)


def _latest(card: Card) -> Line | None:
    late = [line for line in card.lines if line.due_state == "late"]
    return max(late, key=lambda line: (bool(line.escalated), line.late_days or 0), default=None)


def _told(card: Card, line: Line, t: Catalogue) -> News:
    who = line.helper or card.owner.name
    words = t("list.late_item", what=line.name, late=line.due_in, owner=who)
    return News(card.client, words, line.escalated, "escalated" if line.escalated else "late")
