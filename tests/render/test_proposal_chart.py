"""The payments of a proposal's loan on the client's page: one table to the cent, and a drawing that shows each part."""

from decimal import Decimal
from itertools import pairwise

import pytest
from proposal_sample import a_loan, a_proposal

import golden
from nightdesk.financing.proposal.reckoning import Reckoned
from nightdesk.render.catalogue import LANGUAGES, Language, catalogue
from nightdesk.render.client_page import render_client_page
from nightdesk.render.drawing import LAST, Box
from nightdesk.render.figures import Figures
from nightdesk.render.proposal_client import proposal_page
from nightdesk.render.proposal_internal import internal_page
from nightdesk.render.proposal_parts import payment_chart, payments
from nightdesk.render.proposal_source import Proposed


def boxes(reckoned: Reckoned) -> dict[str, list[Box]]:
    """The drawing's boxes of principal and of interest, without those that say what a tone stands for."""
    t = catalogue("zh_CN")
    chart = payment_chart(Proposed({}, reckoned=reckoned), t, Figures("zh_CN", "CNY"))
    assert chart is not None
    drawn = [shape for shape in chart.drawing.shapes if isinstance(shape, Box) and shape.says[0] == "2"]
    return {tone: [box for box in drawn if box.tone == tone] for tone in ("first", "second")}


@pytest.mark.parametrize(("tenor_months", "every_months"), [(60, 3), (12, 12), (12, 1), (61, 1), (120, 1), (3, 3)])
def test_given_a_loan_when_drawn_then_no_payment_covers_another_and_each_has_its_interest(
    tenor_months: int, every_months: int
) -> None:
    found = boxes(a_loan(tenor_months=tenor_months, every_months=every_months))
    assert len(found["first"]) == len(found["second"]) <= 60
    assert [one for one, other in pairwise(found["first"]) if one.x + one.width >= other.x] == []
    assert found["first"][-1].x + found["first"][-1].width <= LAST
    assert min(box.height for box in found["second"]) >= 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_given_payments_then_one_table_in_full_has_them_with_their_cash_flow_and_the_chart_none(lang: Language) -> None:
    t, f, reckoned = catalogue(lang), Figures(lang, "CNY"), a_loan()
    assert reckoned.chosen is not None
    sheet = payments(reckoned.chosen, reckoned.flows, t, f)
    chart = payment_chart(Proposed({}, reckoned=reckoned), t, f)
    assert chart is not None
    assert chart.rows == ()
    assert sheet.columns[-1] == (t("proposal_column.cash"), True)
    assert [cell.text for cell in sheet.rows[0]] == [
        "2027-01-26",
        *(f.number(one) for one in (reckoned.chosen.rows[1].principal, Decimal("45954.00"))),
        *(f.number(one) for one in (reckoned.chosen.rows[1].service, reckoned.chosen.rows[1].balance)),
        f.number(Decimal("1200000.00")),
    ]


def test_given_a_loan_that_no_cash_flow_repays_then_the_table_has_no_column_for_it() -> None:
    reckoned = a_loan(sizing="turnover")
    assert reckoned.chosen is not None
    sheet = payments(reckoned.chosen, reckoned.flows, catalogue("en"), Figures("en", "CNY"))
    assert [label for label, _ in sheet.columns] == ["Due", "Principal", "Interest", "Payment", "Balance"]


@pytest.mark.parametrize(("tenor_months", "every_months"), [(60, 3), (12, 1)])
def test_given_a_loan_when_drawn_then_the_drawing_is_the_golden_one(tenor_months: int, every_months: int) -> None:
    reckoned = a_loan(tenor_months=tenor_months, every_months=every_months)
    chart = payment_chart(Proposed({}, reckoned=reckoned), catalogue("en"), Figures("en", "CNY"))
    assert chart is not None
    assert golden.matches(f"payments_{tenor_months}_{every_months}.txt", golden.drawn([chart.drawing]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_the_sample_when_rendered_then_both_pages_are_the_golden_ones(language: Language) -> None:
    source = a_proposal(language)
    page = proposal_page(source)
    assert page is not None
    assert golden.matches(f"proposal_{language}.html", render_client_page(page))
    assert golden.matches(f"proposal_bank_{language}.html", render_client_page(internal_page(source)))
    assert "C1" not in render_client_page(page)
