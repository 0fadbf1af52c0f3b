"""What of a list goes on its two pages of A4: room that the cards leave is used, and nothing grave is left out."""

from dataclasses import fields, replace
from itertools import product
from typing import Any

import pytest
from branch_sample import branch_input

from golden import matches
from nightdesk.render.branch_card import Card
from nightdesk.render.branch_model import BranchView
from nightdesk.render.branch_paper import LEAST_ROWS, NEWS, PAGE_ONE, UNKNOWN, paper_of
from nightdesk.render.branch_view import branch_view
from nightdesk.render.catalogue import LANGUAGES, Language


def cards_of(cards: tuple[Card, ...], count: int) -> tuple[Card, ...]:
    return tuple(card.numbered(number) for number, card in enumerate(many(cards, count), start=1))


def many(rows: tuple[Any, ...], count: int) -> tuple[Any, ...]:
    return (rows * (count // len(rows) + 1))[:count]


def view_of(
    language: Language = "zh_CN", *, cards: int = 2, reds: int = 0, news: int = 20, rest: int = 60
) -> BranchView:
    """The sample's list with so many of each."""
    view = branch_view(branch_input(language))
    return replace(
        view,
        must_do=cards_of(view.must_do, cards),
        reds=cards_of(view.listed, reds),
        rest=cards_of(view.listed, rest),
        changes=many(view.changes, news),
        late=many(view.late, news),
        cleared=many(view.cleared, news),
        tier_changes=many(view.tier_changes, 20),
        held_back=many(view.held_back, 20),
        not_assessed=many(view.not_assessed, 20),
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_few_cards_then_the_short_lists_of_page_one_have_its_free_half(language: Language) -> None:
    paper = paper_of(view_of(language, news=5))
    assert paper.is_two_pages
    assert paper.news == 5, "all five, not four of them"
    assert paper_of(view_of(language, news=20)).news == 20
    longest = paper_of(view_of(language, news=200)).news
    assert NEWS < longest < PAGE_ONE, "as many as the page holds"
    whole = [paper_of(view_of(language, news=news)).news for news in (longest + 1, longest + 2)]
    assert whole == [longest + 1, longest], "the line that says how many more there are has the room of one"


def test_given_more_cards_and_reds_then_the_short_lists_give_way_and_are_never_empty() -> None:
    shown = [paper_of(view_of(cards=5, reds=reds, news=200)).news for reds in (0, 5, 10, 20, 60)]
    assert shown == sorted(shown, reverse=True)
    assert shown[-1] == NEWS - 1
    assert not paper_of(view_of(cards=5, reds=60)).is_two_pages


def test_given_a_short_rest_then_page_two_has_more_of_what_stands_beside_it() -> None:
    full, short = paper_of(view_of(rest=60)), paper_of(view_of(rest=3))
    assert (full.beside, full.unknown) == (NEWS, UNKNOWN)
    assert short.beside > full.beside
    assert short.unknown > full.unknown


def test_given_lists_of_many_sizes_then_what_of_each_goes_on_paper_is_the_golden_table() -> None:
    lines = ["cards reds news rest bare: left out, news, beside, unknown, two pages, open first, open second"]
    for cards, reds, news, rest in product((0, 2, 7), (0, 3, 12), (0, 1, 4, 30), (0, 1, 12, 45)):
        view = view_of(cards=cards, reds=reds, news=news, rest=rest)
        bare = replace(view, tier_changes=(), held_back=(), not_assessed=(), handled=(), later_count=0)
        for name, shown in (("no", view), ("yes", bare)):
            paper = paper_of(shown)
            said = [len(paper.left_out), *(getattr(paper, one.name) for one in fields(paper)[1:])]
            lines.append(f"{cards} {reds} {news} {rest} {name}: {', '.join(map(str, said))}")
    for waiting, held, unknown in product((0, 1, 9), (0, 1, 9), (0, 1, 9)):
        some = view_of(rest=45)
        some = replace(some, tier_changes=many(some.tier_changes, waiting), held_back=many(some.held_back, held))
        paper = paper_of(replace(some, handled=(), not_assessed=many(some.not_assessed, unknown), later_count=0))
        lines.append(f"tiers {waiting}, held back {held}, unknown {unknown}: {len(paper.left_out)}, {paper.beside}")
    assert matches("list_paper.txt", "\n".join(lines) + "\n")


def printed(view: BranchView) -> int:
    """How many cards of the rest go on paper."""
    return len(view.rest) - len(paper_of(view).left_out)


def test_given_nothing_beside_then_the_rest_has_the_room_and_on_the_worst_day_it_has_its_least() -> None:
    view = view_of(rest=200)
    bare = replace(view, tier_changes=(), held_back=(), not_assessed=(), handled=(), later_count=0)
    assert printed(bare) > printed(view) >= LEAST_ROWS
    assert printed(view_of(cards=5, reds=200)) == LEAST_ROWS


def test_given_more_than_paper_holds_then_what_is_late_is_left_out_last_and_the_rest_by_its_order() -> None:
    view = view_of(cards=5, reds=200)
    late = next(card for card in view.listed if card.is_late)
    plain = next(card for card in view.listed if not card.is_late)
    rows = tuple((late if number > 35 else plain).numbered(number) for number in range(1, 41))
    assert paper_of(replace(view, rest=rows)).left_out == frozenset(range(LEAST_ROWS - 5 + 1, 36))
    every = tuple(late.numbered(number) for number in range(1, 41))
    assert paper_of(replace(view, rest=every)).left_out == frozenset(range(LEAST_ROWS + 1, 41))
    assert paper_of(replace(view, rest=rows[:3])).left_out == frozenset()


def test_given_room_then_rows_are_whole_sentences_and_where_there_is_none_each_is_one_line() -> None:
    few = view_of(news=3, rest=5)
    bare = replace(few, tier_changes=(), held_back=(), not_assessed=(), handled=(), later_count=0)
    assert (paper_of(bare).is_open_first, paper_of(bare).is_open_second) == (True, True)
    assert not paper_of(view_of(cards=5, reds=40)).is_open_first
    assert not paper_of(view_of(rest=60)).is_open_second
    found = [paper_of(view_of(news=news)).is_open_first for news in range(1, 40)]
    assert found == sorted(found, reverse=True), "more rows never open a page"
    assert {True, False} == set(found)
