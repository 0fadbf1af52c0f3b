"""A branch's page about an ecosystem names nobody of another branch, on screen or paper, and draws alike each time."""

import datetime
import io
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from on_paper import lacking
from pypdf import PdfReader

from golden import matches
from nightdesk.render.catalogue import LANGUAGES, Language, catalogue
from nightdesk.render.client_page import render_client_page
from nightdesk.render.drawing import WIDTH, Word
from nightdesk.render.ecosystem import ecosystem_page
from nightdesk.render.ecosystem_input import EcosystemInput
from nightdesk.render.ecosystem_picture import MOST_DRAWN, picture
from nightdesk.render.figures import Figures
from nightdesk.render.made_of import Notes
from nightdesk.render.paper import printed

DAY = datetime.date(2026, 3, 31)
NOTES = Notes(morning=DAY, cutoff=datetime.datetime(2026, 3, 31, 21, tzinfo=datetime.UTC), policy_version="test")
Row = dict[str, Any]
#: every third client is of the branch that reads; no name is part of another one's
SIZE = 9
#: of how many other clients a sum is told
LEAST = 3


def client(number: int, branch: str) -> Row:
    return {
        "client_id": f"ID{number}X", "branch_id": branch, "name": f"Quartz{number}X Holdings Ltd",
        "short_name": f"Quartz{number}X", "is_natural_person": False, "client_kind": "company", "group_id": "G1",
        "tier": "core", "colour": "red", "base_colour": "red", "stage": "W1",
        "exposure_amt": Decimal(1_010_000 * (number + 1)),
        "deposits_amt": Decimal(7_000_000 + 10_000 * number), "bureau_month": DAY, "wallet_pct": Decimal(40),
    }  # fmt: skip


def tie(one: int, other: int, kind: str = "control", **more: Any) -> Row:
    return {
        "from_id": f"ID{one}X", "to_id": f"ID{other}X", "kind": kind, "source": "client_link", "group_id": "G1",
        "share_pct": Decimal(60), "amount_amt": Decimal(5), "since": DAY, "certainty_pct": Decimal(90),
        "is_circular": True,
    } | more  # fmt: skip


def party(number: int, **more: Any) -> Row:
    return {
        "party_id": f"ID{number}X",
        "party_client_id": f"ID{number}X",
        "name": f"Quartz{number}X Holdings Ltd",
    } | more


def source(ties: list[tuple[int, int, str]], language: Language = "en", whose: int = 0) -> EcosystemInput:
    """An ecosystem in which every table speaks of every client."""
    clients = {f"ID{n}X": client(n, "B1" if n % 3 == 0 else "B2") for n in range(SIZE)}
    others = [n for n in range(SIZE) if n != whose]
    return EcosystemInput(
        business_date=DAY, revision=1, language=language, notes=NOTES, branch="B1", client_id=f"ID{whose}X",
        clients=clients, others_least=LEAST,
        group={
            "group_id": "circle:ID1X", "told_by": "circle", "lead_client_id": "ID1X", "client_count": SIZE,
            "branch_count": 2, "exposure_amt": Decimal(9), "control_issue": "circular", "in_several_count": 1,
            "circle_members": ", ".join(f"ID{n}X" for n in range(SIZE)), "worst_colour": "red",
        },
        ties=[tie(one, other, kind) for one, other, kind in ties],
        reach=[
            {"source_id": f"ID{n}X", "colour": "red", "stage": "W1", "steps": 3, "kind_1": "control",
             "node_1": f"ID{others[0]}X", "kind_2": "supply", "node_2": f"ID{others[1]}X", "kind_3": "payment"}
            for n in others
        ],
        shares=[
            party(n, side=side, place=n, amount_12m_amt=Decimal(3), share_pct=Decimal(50), is_concentrated=True)
            for side in ("customer", "supplier") for n in others
        ],
        finance=[
            party(n, paid_12m_amt=Decimal(9), payable_amt=Decimal(2), line_amt=Decimal(5), financed_amt=Decimal(1),
                  bound_by="line")
            for n in others
        ],
        silent={"before_amt": Decimal(9), "now_amt": Decimal(3), "fall_pct": Decimal(66), "fall_year_ago_pct": None,
                "explained_by": "left", "closed_count": 0},
        targets=[party(n, place=n, bank="Other Bank", outflow_90d_amt=Decimal(3), is_new=True) for n in others],
        guarantors=[f"ID{n}X" for n in range(SIZE)],
        advice=[
            {"product": "payroll", "peer_group": "tier", "peer_share_pct": Decimal(80), "peer_count": 30,
             "suppressed_by": None},
        ],
        leads=[
            # a lead that bears a client's name: it may be that client
            {"party_id": "K1", "name": "Quartz1X", "bank": "Other Bank", "role": "both", "paid_12m_amt": Decimal(1),
             "received_12m_amt": Decimal(1), "known_by": "several_names", "certainty_pct": Decimal(20), "place": 1},
            {"party_id": "K2", "name": "Stranger Ltd", "bank": "Other Bank", "role": "both", "paid_12m_amt": Decimal(1),
             "received_12m_amt": Decimal(1), "known_by": "id", "certainty_pct": Decimal(90), "place": 2},
        ],
    )  # fmt: skip


def leaked(text: str) -> list[str]:
    """Names and ids of other branches' clients that a text holds."""
    joined = "".join(text.split())
    return [one for n in range(SIZE) if n % 3 for one in (f"ID{n}X", f"Quartz{n}X") if one in joined]


edges = st.lists(
    st.tuples(
        st.integers(0, SIZE - 1),
        st.integers(0, SIZE - 1),
        st.sampled_from(["control", "group", "guarantee", "supply", "payment"]),
    ),
    max_size=20,
)


@settings(max_examples=25, deadline=None)
@given(ties=edges, language=st.sampled_from(LANGUAGES), whose=st.integers(0, SIZE - 1))
def test_given_any_ties_when_a_branch_reads_the_page_then_no_name_or_id_of_another_branchs_client_is_in_it(
    ties: list[tuple[int, int, str]], language: Language, whose: int
) -> None:
    assert leaked(render_client_page(ecosystem_page(source(ties, language, whose)))) == []


def test_given_the_page_on_paper_then_its_text_names_nobody_of_another_branch_and_the_branchs_own(
    tmp_path: object,
) -> None:
    html = render_client_page(ecosystem_page(source([(0, 1, "control"), (1, 2, "control"), (2, 0, "control")])))
    paper = printed(html, DAY)
    assert lacking(html, paper) == []
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages)
    assert leaked(text) == []
    joined = "".join(text.split())
    assert "Quartz0X" in joined
    assert "Quartz3X" in joined
    assert "StrangerLtd" in joined
    assert "Otherbranch'sclientA" in joined


def test_given_the_other_branch_reads_it_then_its_own_clients_are_named_and_the_others_are_not() -> None:
    page = ecosystem_page(replace(source([(0, 1, "control")]), branch="B2"))
    html = render_client_page(page)
    assert page.id == ""
    assert "Quartz1X" in html
    assert "Quartz0X" not in html
    assert "ID3X" not in html


def test_given_no_links_supplied_then_the_page_says_so_and_not_that_there_are_none() -> None:
    made = source([])
    html = render_client_page(
        ecosystem_page(
            replace(
                made,
                notes=replace(NOTES, not_supplied=("client_link", "guarantee", "txn")),
                reach=[], shares=[], finance=[], silent={}, leads=[],
                group=dict(made.group) | {"reason": "links_not_supplied"},
            )
        )
    )  # fmt: skip
    t = catalogue("en")
    assert t("group_reason.links_not_supplied") in html
    for key in ("no_ties", "nothing_reaches", "no_customer", "no_finance", "not_silent", "no_leads"):
        assert t(f"ecosystem.{key}") not in html, key


def test_given_who_is_or_may_be_a_person_behind_a_payment_then_only_the_family_name_is_told() -> None:
    shares = [{"side": "customer", "place": 1, "party_id": "K5", "party_client_id": None, "name": "陈嘉诚",
               "is_masked": True, "amount_12m_amt": Decimal(1), "share_pct": Decimal(1)}]  # fmt: skip
    html = render_client_page(ecosystem_page(replace(source([]), shares=shares)))
    assert "陈**" in html
    assert "陈嘉诚" not in html


def test_given_two_sources_that_name_one_tie_then_what_says_no_more_than_the_other_is_told_once() -> None:
    bare = {"share_pct": None, "amount_amt": None, "since": None, "source": "client"}
    ties = [tie(0, 3, "group"), tie(0, 3, "group", **bare), tie(0, 3), tie(0, 6, "group", **bare)]
    (chart,) = ecosystem_page(replace(source([]), ties=[*ties, tie(0, 6, "group", **bare)])).sheets[0].charts
    t = catalogue("en")
    assert [(row[1].removesuffix(t("ecosystem.circular")), row[5] != FIGURES.dash) for row in chart.rows] == [
        (t("tie_kind.control"), True),
        (t("tie_kind.group"), True),
        (t("tie_kind.group"), False),
    ]


def test_given_what_refuses_a_core_client_then_it_is_said_once_and_no_payable_is_listed() -> None:
    made = source([])
    refused = [dict(row) | {"bound_by": "colour", "financed_amt": Decimal(0)} for row in made.finance]
    html = render_client_page(ecosystem_page(replace(made, finance=refused)))
    t = catalogue("en")
    assert t("ecosystem.refused", n=SIZE - 1, why=t("finance_bound.colour")) in unescape(html)
    assert t("finance_column.payable") not in html


TOTALS = {
    "exposure_amt": Decimal(71_000_000), "limit_amt": Decimal(72_000_000), "overdue_amt": Decimal(73_000_000),
    "deposits_amt": Decimal(74_000_000), "guaranteed_inside_amt": Decimal(75_000_000),
}  # fmt: skip
FIGURES = Figures("en", NOTES.base_ccy)


def told(totals: Iterable[str], html: str) -> list[str]:
    """Which of a group's totals a page tells."""
    return [name for name in totals if f">{FIGURES.money(TOTALS[name])}<" in html]


def with_others(count: int, unknown: int = 0) -> EcosystemInput:
    """A group of the reading branch's three clients and `count` of another's, of `unknown` of which no amount is known.

    Each amount of the group tells those of the others by the difference to the branch's own.
    """
    made = source([])
    others = [f"ID{n}X" for n in range(SIZE) if n % 3][:count]
    own = [f"ID{n}X" for n in range(SIZE) if n % 3 == 0]
    clients = {one: dict(made.clients[one]) for one in (*own, *others)}
    for one in own:
        clients[one] |= {"colour": "green"}
    for one in others[:unknown]:
        clients[one] |= {"exposure_amt": None, "deposits_amt": None}
    group = dict(made.group) | TOTALS | {"circle_members": None, "control_issue": None, "worst_colour": "red"}
    return replace(made, clients=clients, group=group, reach=[], shares=[], finance=[], silent={}, targets=[], leads=[])


@pytest.mark.parametrize(("count", "unknown"), [(1, 0), (LEAST - 1, 0), (LEAST, 1), (LEAST, LEAST)])
def test_given_fewer_others_behind_a_sum_than_policy_asks_then_neither_the_sum_nor_what_tells_it_is_printed(
    count: int, unknown: int
) -> None:
    given_others = with_others(count, unknown)
    html = unescape(render_client_page(ecosystem_page(given_others)))
    t = catalogue("en")
    assert t("ecosystem.others", n=count) in html
    assert t("ecosystem.too_few", n=LEAST) in html
    assert told(set(TOTALS) - {"guaranteed_inside_amt"}, html) == []
    for name in ("exposure_amt", "deposits_amt"):
        others = [Decimal(str(row[name] or 0)) for row in given_others.clients.values() if row["branch_id"] == "B2"]
        assert f">{FIGURES.money(sum(others, Decimal(0)))}<" not in html
    if count < LEAST:
        assert told(TOTALS, html) == []
        assert t("colour.red") not in html


@pytest.mark.parametrize("count", [0, LEAST])
def test_given_none_or_enough_others_then_the_groups_totals_are_told(count: int) -> None:
    html = unescape(render_client_page(ecosystem_page(with_others(count))))
    t = catalogue("en")
    assert t("ecosystem.too_few", n=LEAST) not in html
    assert told(TOTALS, html) == list(TOTALS)
    assert t("colour.red") in html


def _drawn(count: int) -> tuple[Any, Mapping[str, int]]:
    others = [f"C{n:02d}" for n in range(count)]
    ties = [{"kind": "control", "from_id": "M", "to_id": other} for other in others]
    labels = {one: one for one in ["M", *others]}
    return picture("M", others, ties, {}, labels, catalogue("en"))


@pytest.mark.parametrize("count", [1, 2, 3, 10, 11, MOST_DRAWN, MOST_DRAWN + 1])
def test_given_a_picture_then_it_is_the_same_each_time_stays_on_its_ground_and_no_two_lie_on_one_place(
    count: int,
) -> None:
    drawing, numbers = _drawn(count)
    assert drawing == _drawn(count)[0]
    assert len(numbers) == 1 + min(count, MOST_DRAWN)
    dots = [shape for shape in drawing.shapes if shape.kind == "dot"]
    assert len({(dot.x, dot.y) for dot in dots}) == len(dots) == min(count, MOST_DRAWN)
    assert all(0 < dot.x < WIDTH and 0 < dot.y < drawing.height for dot in dots)
    # opposite places would draw one line through the middle for two ties
    ends = {(dot.x - 180, dot.y - 132) for dot in dots}
    assert all((-x, -y) not in ends for x, y in ends)


def test_given_few_clients_then_they_are_named_and_many_are_numbered() -> None:
    few, many = ({shape.text for shape in _drawn(count)[0].shapes if isinstance(shape, Word)} for count in (10, 11))
    assert "C03" in few
    assert "C03" not in many
    assert "12" in many


def _shafts(*ties: tuple[str, str, str]) -> list[tuple[str, Decimal]]:
    """Of ties between the middle and one client above it the tone of each line, and how far right of them it lies."""
    rows = [{"kind": kind, "from_id": one, "to_id": other} for kind, one, other in ties]
    drawing, _ = picture("M", ["C"], rows, {}, {"M": "M", "C": "C"}, catalogue("en"))
    lines = [(shape.tone, shape.points.split()) for shape in drawing.shapes if shape.kind == "stroke"]
    ends = [(tone, [end.split(",")[0] for end in points]) for tone, points in lines if len(points) == 2]
    return [(tone, Decimal(begin) - 180) for tone, (begin, end) in ends if begin == end]


def test_given_many_ties_of_a_pair_then_the_first_lies_in_the_middle_and_the_others_beside_it_by_turns() -> None:
    kinds = ("control", "group", "guarantee", "payment", "supply")
    places = _shafts(*((kind, "M", "C") for kind in kinds))
    assert [abs(at) for _, at in places] == [0, 4, 4, 8, 8]
    assert [at > 0 for _, at in places[1:]] in ([True, False] * 2, [False, True] * 2)
    # two ways of one kind lie apart as two kinds do, whichever way they go
    assert [at for _, at in _shafts(("supply", "M", "C"), ("supply", "C", "M"))] == [at for _, at in places[:2]]


def test_given_a_client_that_controls_itself_then_it_is_marked_and_no_line_is_drawn() -> None:
    ties = [{"kind": "control", "from_id": "M", "to_id": "M"}]
    drawing, _ = picture("M", [], ties, {}, {"M": "M"}, catalogue("en"))
    assert [shape.says for shape in drawing.shapes if shape.kind == "dot"] == [catalogue("en")("ecosystem.of_itself")]
    assert not [shape for shape in drawing.shapes if shape.kind == "stroke"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_the_sample_when_rendered_then_page_and_picture_are_the_golden_ones(language: Language) -> None:
    kinds = ("control", "supply", "payment", "guarantee", "control", "supply")
    ties = [(at, (at * at + 1) % SIZE, kind) for at, kind in enumerate(kinds)]
    assert matches(f"ecosystem_{language}.html", render_client_page(ecosystem_page(source(ties, language))))
